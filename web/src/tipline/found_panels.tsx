import { Link } from 'react-router';
import type { Finding, Receipt, ReportDetail, TimelineEntry } from '../api/types';
import { dateOnly, humanise } from '../shared/format';
import { useLabels } from '../shared/labels';
import { Exact } from '../shared/moment';
import { Chip, Fact, Facts, Panel } from '../shared/ui';
import { useWords } from '../words/words';

// What the centre found, beside what was submitted.

export function FindingsPanel({ findings, onShow }: { findings: readonly Finding[]; onShow: (path: string) => void }) {
  const { t, tn, find } = useWords();
  const { label } = useLabels();
  return (
    <Panel title={t('findings.title')} note={findings.length === 0 ? undefined : tn('findings.count', findings.length)}>
      {findings.length === 0 ? (
        <p className="all-good">{t('findings.none')}</p>
      ) : (
        <ul className="findings">
          {findings.map((finding) => (
            <li key={`${finding.code} ${finding.path}`}>
              <strong>{label('findings', finding.code)}</strong>
              <span>{find(`finding.${finding.code}`) ?? ''}</span>
              {finding.path.startsWith('/report/') ? (
                <button type="button" className="link-button" onClick={() => onShow(finding.path)}>
                  {t('findings.show')}
                </button>
              ) : null}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

export function ReceiptPanel({ receipt }: { receipt: Receipt }) {
  const { t, language } = useWords();
  return (
    <Panel title={t('receipt.title')}>
      <Facts>
        <Fact name={t('receipt.received')}>
          <Exact at={receipt.received_at} />
        </Fact>
        <Fact name={t('receipt.finished')}>
          {receipt.finished_at === null ? t('receipt.not_finished') : <Exact at={receipt.finished_at} />}
        </Fact>
        {receipt.preserve_until === null ? null : (
          <Fact name={t('receipt.preserve')}>{dateOnly(receipt.preserve_until, language)}</Fact>
        )}
        {receipt.same_bytes_as === null ? null : (
          <Fact name={t('receipt.repeat')}>
            <Link to={`/reports/${receipt.same_bytes_as}`}>{receipt.same_bytes_as}</Link>
          </Fact>
        )}
        <Fact name={t('receipt.digest')}>
          <code className="digest">{receipt.document_sha256}</code>
        </Fact>
      </Facts>
    </Panel>
  );
}

export function MarksPanel({ detail }: { detail: ReportDetail }) {
  const { t } = useWords();
  const { label } = useLabels();
  if (detail.annotations.length === 0 && detail.prior_reports.length === 0) return null;
  return (
    <Panel title={t('marks.title')}>
      <Facts>
        {detail.annotations.length === 0 ? null : (
          <Fact name={t('marks.annotations')}>
            {detail.annotations.map((one) => (
              <Chip key={one} tone="warn">
                {label('report_annotations', one)}
              </Chip>
            ))}
          </Fact>
        )}
        {detail.prior_reports.length === 0 ? null : (
          <Fact name={t('marks.prior')}>
            {detail.prior_reports.map((id) => (
              <Link key={id} to={`/reports/${id}`} className="spaced">
                {id}
              </Link>
            ))}
          </Fact>
        )}
      </Facts>
    </Panel>
  );
}

export function TimelinePanel({ timeline }: { timeline: readonly TimelineEntry[] }) {
  const { t, find } = useWords();
  return (
    <Panel title={t('timeline.title')}>
      <ol className="timeline">
        {timeline.map((entry, index) => (
          <li key={`${entry.at} ${index}`}>
            <Exact at={entry.at} />
            <span>{find(`timeline.${entry.what}`) ?? humanise(entry.what)}</span>
            {entry.detail === '' ? null : <code>{entry.detail}</code>}
          </li>
        ))}
      </ol>
    </Panel>
  );
}
