import type { AuditEntry, ReportAuditEntry } from '../api/types';
import { useLabels } from '../shared/labels';
import { Exact } from '../shared/moment';
import { Chip } from '../shared/ui';
import { useWords } from '../words/words';

function Subject({ entry }: { entry: AuditEntry | ReportAuditEntry }) {
  if (!('subject_kind' in entry) || entry.subject_kind === '') return null;
  return (
    <span className="quiet">
      {entry.subject_kind}
      {entry.subject === 0 ? '' : ` ${entry.subject}`}
    </span>
  );
}

// Codes and numbers only: the audit log holds no personal text.
export function AuditList({
  entries,
  subjects,
}: {
  entries: readonly (AuditEntry | ReportAuditEntry)[];
  subjects: boolean;
}) {
  const { t, find } = useWords();
  const { label } = useLabels();
  return (
    <ol className="trail">
      {entries.map((entry) => (
        <li key={entry.id}>
          <span className="trail-when">
            <Exact at={entry.at} />
          </span>
          <span className="trail-who">
            {entry.login === '' ? t('trail.nobody') : entry.login}{' '}
            {'proof' in entry ? <span className="quiet">{find(`proof.${entry.proof}`) ?? ''}</span> : null}
          </span>
          <span className="trail-what">
            <code>{entry.action}</code> {subjects ? <Subject entry={entry} /> : null}
            {entry.denied ? <Chip tone="bad">{t('trail.denied')}</Chip> : null}
            {entry.purpose === '' ? null : <Chip tone="calm">{label('audit_purposes', entry.purpose)}</Chip>}
          </span>
          <span className="trail-seal">
            {entry.leaf === null ? t('trail.unsealed') : t('trail.leaf', { leaf: entry.leaf })}
          </span>
        </li>
      ))}
    </ol>
  );
}
