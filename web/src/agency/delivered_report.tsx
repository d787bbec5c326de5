import type { DeliveryDetail } from '../api/types';
import { humanise } from '../shared/format';
import { EvidenceTable } from '../referrals/evidence_table';
import { useLabels } from '../shared/labels';
import { Exact } from '../shared/moment';
import { PlainTable } from '../shared/plain_table';
import { Fact, Facts, Panel } from '../shared/ui';
import { useWords, type WordKey } from '../words/words';

type Report = DeliveryDetail['report'];

function Table({
  title,
  head,
  rows,
}: {
  title: string;
  head: readonly WordKey[];
  rows: readonly (readonly string[])[];
}) {
  const { t } = useWords();
  if (rows.length === 0) return null;
  return (
    <Panel title={title}>
      <PlainTable label={title} head={head.map((word) => t(word))} rows={rows} cell="long" />
    </Panel>
  );
}

function Texts({ texts }: { texts: Report['texts'] }) {
  const { t } = useWords();
  if (texts.length === 0) return null;
  return (
    <Panel title={t('delivery.texts')}>
      {texts.map((one, index) => (
        <details key={index} className="fold">
          <summary>
            {humanise(one.kind)} <span className="quiet">{one.party === 'nobody' ? '' : humanise(one.party)}</span>
          </summary>
          <p className="said">{one.text}</p>
        </details>
      ))}
    </Panel>
  );
}

// What was reported and what the centre found, as far as an officer may read it on a page. Files are never shown.
export function DeliveredReport({ detail }: { detail: DeliveryDetail }) {
  const { t } = useWords();
  const { label } = useLabels();
  const { report } = detail;
  return (
    <>
      <Panel title={t('delivery.reported')}>
        <Facts>
          <Fact name={t('inbox.kind')}>{label('incident_types', report.incident_type)}</Fact>
          <Fact name={t('delivery.happened')}>{report.incident_at_as_given}</Fact>
          <Fact name={t('delivery.received')}>
            <Exact at={report.received_at} />
          </Fact>
          <Fact name={t('inbox.from')}>{report.reported_by === '' ? t('inbox.public') : report.reported_by}</Fact>
          <Fact name={t('delivery.service')}>{report.service}</Fact>
          <Fact name={t('delivery.reasons')}>{report.priority_rules.join(', ')}</Fact>
        </Facts>
        <p className="quiet">{t('delivery.victims')}</p>
      </Panel>
      <Panel title={t('delivery.why_here')}>
        {detail.why_here.length === 0 ? (
          <p className="quiet">{t('routing.by_person')}</p>
        ) : (
          <EvidenceTable label={t('delivery.why_here')} evidence={detail.why_here} />
        )}
      </Panel>
      <Table
        title={t('delivery.accounts')}
        head={['delivery.account_kind', 'delivery.account_value', 'delivery.account_scope', 'delivery.party']}
        rows={report.accounts.map((one) => [humanise(one.kind), one.value, one.scope, humanise(one.party)])}
      />
      <Table
        title={t('delivery.network')}
        head={['delivery.address', 'delivery.port', 'delivery.event', 'delivery.when', 'delivery.party']}
        rows={report.network.map((one) => [
          one.address,
          one.port === 0 ? '' : String(one.port),
          humanise(one.event),
          one.at_as_given,
          humanise(one.party),
        ])}
      />
      <Table
        title={t('delivery.places')}
        head={['delivery.account_kind', 'routing.evidence.place', 'delivery.party']}
        rows={report.places.map((one) => [
          humanise(one.kind),
          [one.school, one.city, one.region, one.country].filter(Boolean).join(', '),
          humanise(one.party),
        ])}
      />
      <Table
        title={t('delivery.files')}
        head={['delivery.file', 'delivery.file_in', 'delivery.account_kind']}
        rows={report.files.map((one) => [
          String(one.number),
          one.entry === '' ? t('delivery.file_not', { why: one.gate_label }) : one.entry,
          `${humanise(one.kind)} ${one.industry_classification}`,
        ])}
      />
      <Texts texts={report.texts} />
    </>
  );
}
