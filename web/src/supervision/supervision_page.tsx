import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { api, take } from '../api/client';
import { humanise } from '../shared/format';
import { Ago, Exact } from '../shared/moment';
import { useNow } from '../shared/now';
import { PlainTable } from '../shared/plain_table';
import { useMay } from '../shared/session_context';
import { Chip, FailureNotice, Loaded, Page, Panel } from '../shared/ui';
import { useAct } from '../shared/use_act';
import { Confirm } from '../triage/confirm';
import { useWords } from '../words/words';
import { AgesPanel } from './ages_panel';
import { overdueQuery, qualityQuery, supervisionQuery, unplacedQuery } from './queries';
import { sumOf, USEFUL } from './sums';
import { VolumesPanel } from './volumes_panel';

function Clocks() {
  const { t } = useWords();
  const now = useNow();
  const query = useQuery(supervisionQuery);
  return (
    <Loaded query={query}>
      {({ clocks, loads, ages }) => (
        <>
          <AgesPanel ages={ages} />
          <Panel title={t('watch.clocks')}>
            {clocks.length === 0 ? (
              <p className="quiet">{t('watch.no_clocks')}</p>
            ) : (
              <PlainTable
                label={t('watch.clocks')}
                head={[t('watch.report'), t('inbox.from'), t('watch.received'), t('watch.needs'), t('watch.due')]}
                keys={clocks.map((one) => one.report_id)}
                rows={clocks.map((one) => [
                  <Link to={`/reports/${one.report_id}`}>{one.report_id}</Link>,
                  one.organisation_name,
                  <Ago at={one.received_at} />,
                  one.needs === 'look' ? t('watch.needs_look') : t('watch.needs_agency', { login: one.login }),
                  <>
                    <Exact at={one.due_at} />{' '}
                    {Date.parse(one.due_at) < now ? <Chip tone="bad">{t('watch.late')}</Chip> : null}
                  </>,
                ])}
              />
            )}
          </Panel>
          <Panel title={t('watch.loads')}>
            {loads.length === 0 ? (
              <p className="quiet">{t('watch.no_loads')}</p>
            ) : (
              <PlainTable
                label={t('watch.loads')}
                head={[t('watch.analyst'), t('watch.claimed'), t('watch.urgent'), t('watch.first_ends')]}
                keys={loads.map((one) => one.account)}
                rows={loads.map((one) => [
                  one.login,
                  one.claimed,
                  one.urgent,
                  one.first_ends === null ? '' : <Exact at={one.first_ends} />,
                ])}
              />
            )}
          </Panel>
        </>
      )}
    </Loaded>
  );
}

function Overdue() {
  const { t, find } = useWords();
  const query = useQuery(overdueQuery);
  return (
    <Panel title={t('watch.overdue')}>
      <Loaded query={query}>
        {({ items, coming }) => (
          <>
            {items.length === 0 ? (
              <p className="quiet">{t('watch.no_overdue')}</p>
            ) : (
              <PlainTable
                label={t('watch.overdue')}
                head={[t('watch.report'), t('watch.agency'), t('routing.since'), t('watch.step'), t('watch.phone')]}
                keys={items.map((one) => one.delivery.id)}
                rows={items.map((one) => [
                  <>
                    <Link to={`/reports/${one.report_id}`}>{one.report_id}</Link>{' '}
                    {one.delivery.urgent ? <Chip tone="bad">{t('flag.urgent')}</Chip> : null}
                  </>,
                  one.delivery.agency_name,
                  <Ago at={one.delivery.granted_at} />,
                  find(`delivery_step.${one.delivery.step}`) ?? one.delivery.step,
                  one.delivery.urgent ? one.delivery.urgent_phone : '',
                ])}
              />
            )}
            {coming.length === 0 ? null : (
              <>
                <h3>{t('watch.coming')}</h3>
                <PlainTable
                  label={t('watch.coming')}
                  head={[t('watch.report'), t('watch.agency'), t('watch.due'), t('watch.then'), t('watch.phone')]}
                  keys={coming.map((one) => one.delivery.id)}
                  rows={coming.map((one) => [
                    <>
                      <Link to={`/reports/${one.report_id}`}>{one.report_id}</Link>{' '}
                      {one.delivery.urgent ? <Chip tone="bad">{t('flag.urgent')}</Chip> : null}
                    </>,
                    one.delivery.agency_name,
                    <Exact at={one.due_at} />,
                    find(`delivery_step.${one.step}`) ?? one.step,
                    one.delivery.urgent ? one.delivery.urgent_phone : '',
                  ])}
                />
              </>
            )}
          </>
        )}
      </Loaded>
    </Panel>
  );
}

function CloseUnplaced({ report, onDone }: { report: number; onDone: () => void }) {
  const { t } = useWords();
  const [asking, setAsking] = useState(false);
  const acting = useAct(onDone);
  const path = { id: report };
  const close = async () => {
    if (await acting.run(() => take(api.POST('/api/v1/tips/{id}/close-unplaced', { params: { path } }))))
      setAsking(false);
  };
  return (
    <>
      <Button
        size="xs"
        variant="default"
        aria-label={t('watch.unplaced_close_one', { id: report })}
        onClick={() => setAsking(true)}
      >
        {t('watch.unplaced_close')}
      </Button>
      <Confirm
        open={asking}
        title={t('watch.unplaced_close_one', { id: report })}
        text={t('watch.unplaced_sure')}
        yes={t('watch.unplaced_close_one', { id: report })}
        danger
        busy={acting.busy}
        onYes={() => void close()}
        onClose={() => setAsking(false)}
      >
        {acting.error === null ? null : <FailureNotice error={acting.error} />}
      </Confirm>
    </>
  );
}

function Unplaced() {
  const { t, find } = useWords();
  const query = useQuery(unplacedQuery);
  const mayClose = useMay('revokeDeliveries');
  return (
    <Panel title={t('watch.unplaced')} note={t('watch.unplaced_about')}>
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="quiet">{t('watch.no_unplaced')}</p>
          ) : (
            <PlainTable
              label={t('watch.unplaced')}
              head={[t('watch.report'), t('routing.since'), t('watch.unplaced_why'), t('watch.unplaced_act')]}
              keys={items.map((one) => one.report_id)}
              rows={items.map((one) => [
                <>
                  <Link to={`/reports/${one.report_id}`}>{one.report_id}</Link>{' '}
                  {one.urgent ? <Chip tone="bad">{t('flag.urgent')}</Chip> : null}
                </>,
                <Ago at={one.since} />,
                find(`unplaced.${one.why}`) ?? one.why,
                mayClose ? (
                  <CloseUnplaced key={one.report_id} report={one.report_id} onDone={() => void query.refetch()} />
                ) : null,
              ])}
            />
          )
        }
      </Loaded>
    </Panel>
  );
}

function Quality() {
  const { t, find, language } = useWords();
  const query = useQuery(qualityQuery(language));
  const rate = (part: number, whole: number) =>
    whole === 0 ? '' : new Intl.NumberFormat(language, { style: 'percent' }).format(part / whole);
  return (
    <Loaded query={query}>
      {({ evidence, rules }) => (
        <>
          <Panel title={t('watch.quality')} note={t('watch.quality_about')}>
            {evidence.length === 0 ? (
              <p className="quiet">{t('watch.nothing')}</p>
            ) : (
              <PlainTable
                label={t('watch.quality')}
                head={[t('watch.evidence'), t('watch.sent'), t('watch.wrong'), t('watch.rate')]}
                rows={evidence.map((one) => {
                  const sent = sumOf(one.sums, 'made_available');
                  const wrong = sumOf(one.sums, 'wrong_place');
                  return [
                    find(`evidence.${one.subject}`) ?? humanise(one.subject),
                    sent,
                    wrong,
                    rate(wrong, sumOf(one.sums, 'feedback')),
                  ];
                })}
              />
            )}
          </Panel>
          <Panel title={t('watch.rules')} note={t('watch.quality_about')}>
            {rules.length === 0 ? (
              <p className="quiet">{t('watch.nothing')}</p>
            ) : (
              <PlainTable
                label={t('watch.rules')}
                head={[t('watch.rule'), t('watch.useful'), t('watch.not_useful')]}
                rows={rules.map((one) => [
                  one.name === '' ? one.subject : one.name,
                  sumOf(one.sums, ...USEFUL),
                  sumOf(one.sums, 'usefulness:not_useful'),
                ])}
              />
            )}
          </Panel>
        </>
      )}
    </Loaded>
  );
}

// What is late, who has what, and whether reports went to the right place.
export function SupervisionPage() {
  const { t } = useWords();
  return (
    <Page title={t('watch.title')} lead={t('watch.about')} wide>
      <Clocks />
      <Overdue />
      <Unplaced />
      <VolumesPanel />
      <Quality />
    </Page>
  );
}
