import { Link } from 'react-router';
import type { TipLink } from '../api/types';
import { Chip, Panel } from '../shared/ui';
import { useWords } from '../words/words';

// Other reports of the same person. What they share is counted, never shown.
export function LinksPanel({
  report,
  links,
  organisation,
}: {
  report: number;
  links: readonly TipLink[];
  organisation: number;
}) {
  const { t, tn } = useWords();
  return (
    <Panel
      title={t('links.title')}
      note={t('links.about')}
      actions={<Link to={`/reports/${report}/person`}>{t('person.open')}</Link>}
    >
      <ul className="members">
        {links.map((link) => (
          <li key={link.report_id}>
            <Link to={`/reports/${link.report_id}`}>{link.report_id}</Link>
            <span className="member-platform">
              {link.organisation === 0 ? t('list.public') : link.organisation_name}
              {link.organisation === organisation ? null : <Chip tone="warn">{t('links.other_platform')}</Chip>}
            </span>
            <span className="quiet">{tn('links.identifiers', link.identifiers)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
