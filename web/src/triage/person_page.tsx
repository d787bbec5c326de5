import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { Failure } from '../api/failure';
import type { PersonOfInterest, PersonReport } from '../api/types';
import { useLabels } from '../shared/labels';
import { Exact } from '../shared/moment';
import { PlainTable } from '../shared/plain_table';
import { Chip, Loaded, Page, Panel } from '../shared/ui';
import { StateChip } from '../tipline/state_chip';
import { useWords } from '../words/words';
import { LevelMark, UrgentMark } from './marks';
import { PersonTimeline } from './person_timeline';
import { personQuery } from './queries';

function How({ one }: { one: PersonReport }) {
  const { t, tn } = useWords();
  if (one.steps === 0) return <Chip tone="calm">{t('person.this')}</Chip>;
  return (
    <>
      {tn('links.identifiers', one.identifiers)}{' '}
      {one.steps === 1 ? null : <span className="quiet">{t('person.through')}</span>}
    </>
  );
}

function Reports({ person }: { person: PersonOfInterest }) {
  const { t, find } = useWords();
  const { label } = useLabels();
  return (
    <PlainTable
      label={t('person.reports')}
      head={[
        t('watch.report'),
        t('watch.received'),
        t('inbox.from'),
        t('inbox.kind'),
        t('person.priority'),
        t('inbox.state'),
        t('person.how'),
      ]}
      keys={person.items.map((one) => one.report_id)}
      rows={person.items.map((one) => [
        <Link to={`/reports/${one.report_id}`}>{one.report_id}</Link>,
        <Exact at={one.received_at} />,
        one.organisation === 0 ? t('list.public') : one.organisation_name,
        label('incident_types', one.incident_type),
        <>
          <LevelMark level={one.value} /> {one.urgent ? <UrgentMark /> : null}
        </>,
        <>
          <StateChip state={one.state} />{' '}
          {one.disposition === null ? null : (
            <span className="quiet">
              {find(`tip_dispositions.${one.disposition}`) ?? label('tip_dispositions', one.disposition)}
            </span>
          )}
        </>,
        <How one={one} />,
      ])}
    />
  );
}

function Shown({ person }: { person: PersonOfInterest }) {
  const { t, tn } = useWords();
  return (
    <>
      <Panel
        title={t('person.time')}
        note={`${tn('person.count', person.items.length)} · ${tn('person.platforms', person.platforms)}`}
      >
        <PersonTimeline person={person} />
      </Panel>
      <Panel title={t('person.reports')} note={t('person.reports_about')}>
        <Reports person={person} />
        {person.complete ? null : <p className="quiet">{t('person.more')}</p>}
        {person.shared_by_many === 0 ? null : <p className="quiet">{tn('person.shared', person.shared_by_many)}</p>}
      </Panel>
    </>
  );
}

// All reports that name the same person, whatever platforms they came from.
export function PersonPage() {
  const { t } = useWords();
  const id = Number(useParams()['id']);
  const query = useQuery({ ...personQuery(id), enabled: Number.isSafeInteger(id) && id > 0 });
  if ((query.error instanceof Failure && query.error.status === 404) || !(id > 0))
    return (
      <Page title={t('missing.title')}>
        <p>{t('missing.text')}</p>
      </Page>
    );
  return (
    <Page
      title={t('person.title')}
      lead={t('person.about')}
      wide
      actions={<Link to={`/reports/${id}`}>{t('person.back', { id })}</Link>}
    >
      <Loaded query={query}>{(person) => <Shown person={person} />}</Loaded>
    </Page>
  );
}
