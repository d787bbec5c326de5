import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import type { NearReport, TipLink } from '../api/types';
import { useLabels } from '../shared/labels';
import { Ago } from '../shared/moment';
import { Chip, Loaded, Panel } from '../shared/ui';
import { StateChip } from '../tipline/state_chip';
import { useWords } from '../words/words';
import { LevelMark, UrgentMark } from './marks';
import { nearHandlesQuery } from './queries';

// What both lists say of another report.
function Other({ one, organisation }: { one: TipLink | NearReport; organisation: number }) {
  const { t } = useWords();
  const { label } = useLabels();
  return (
    <>
      <Link to={`/reports/${one.report_id}`}>{one.report_id}</Link>
      <LevelMark level={one.value} />
      {one.urgent ? <UrgentMark /> : null}
      <span>{label('incident_types', one.incident_type)}</span>
      <StateChip state={one.state} />
      <span className="quiet">
        <Ago at={one.received_at} />
      </span>
      <span className="member-platform">
        {one.organisation === 0 ? t('list.public') : one.organisation_name}
        {one.organisation === organisation ? null : <Chip tone="warn">{t('links.other_platform')}</Chip>}
      </span>
    </>
  );
}

function NearHandles({ report, organisation }: { report: number; organisation: number }) {
  const { t, tn } = useWords();
  return (
    <Loaded query={useQuery(nearHandlesQuery(report))}>
      {({ items, left_aside, complete }) => (
        <>
          {items.length === 0 ? <p className="quiet">{t('near.none')}</p> : <p className="quiet">{t('near.about')}</p>}
          <ul className="members" aria-label={t('near.title')}>
            {items.map((one) => (
              <li key={one.report_id}>
                <Other one={one} organisation={organisation} />
                <span>{t('near.forms', { own: one.own, other: one.other })}</span>
              </li>
            ))}
          </ul>
          {complete ? null : <p className="quiet">{t('near.more')}</p>}
          {left_aside === 0 ? null : <p className="quiet">{tn('near.aside', left_aside)}</p>}
        </>
      )}
    </Loaded>
  );
}

// Other reports of the same person: those that share an identifier, which is counted and never shown; and, when somebody asks, those whose
// handle differs by a letter, which is for people to judge.
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
  const [asked, setAsked] = useState(false);
  return (
    <Panel
      title={t('links.title')}
      note={t('links.about')}
      actions={links.length === 0 ? undefined : <Link to={`/reports/${report}/person`}>{t('person.open')}</Link>}
    >
      {links.length === 0 ? <p className="quiet">{t('links.none')}</p> : null}
      <ul className="members">
        {links.map((link) => (
          <li key={link.report_id}>
            <Other one={link} organisation={organisation} />
            <span className="quiet">{tn('links.identifiers', link.identifiers)}</span>
          </li>
        ))}
      </ul>
      {asked ? (
        <NearHandles report={report} organisation={organisation} />
      ) : (
        <Button size="xs" variant="default" onClick={() => setAsked(true)}>
          {t('near.ask')}
        </Button>
      )}
    </Panel>
  );
}
