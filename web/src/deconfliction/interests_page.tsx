import { Button } from '@mantine/core';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { api, take } from '../api/client';
import type { MeetingNotice, OpenInterest } from '../api/types';
import { Dialog } from '../shared/dialog';
import { Ago, DateOnly } from '../shared/moment';
import { PlainTable } from '../shared/plain_table';
import { useMay } from '../shared/session_context';
import { Chip, FailureNotice, Loaded, Page, Panel } from '../shared/ui';
import { useAct } from '../shared/use_act';
import { useWords } from '../words/words';
import { Contact } from './contact';
import { InterestForm } from './interest_form';
import { interestsQuery, noticesQuery } from './queries';

function More({
  query,
}: {
  query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
}) {
  const { t } = useWords();
  if (!query.hasNextPage) return null;
  return (
    <Button variant="default" mt="sm" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
      {t('inbox.more')}
    </Button>
  );
}

function About({ notice }: { notice: MeetingNotice }) {
  const { t } = useWords();
  return (
    <>
      {notice.reference === '' ? t('meet.their_interest') : t('meet.your_case', { reference: notice.reference })}{' '}
      {notice.delivery === 0 ? null : <Link to={`/agency/${notice.delivery}`}>{t('meet.delivery')}</Link>}
    </>
  );
}

function Settled({ notice }: { notice: MeetingNotice }) {
  const { t } = useWords();
  if (notice.state === 'open') return <Chip tone="warn">{t('meet.state.open')}</Chip>;
  if (notice.state === 'ended') return <Chip>{t('meet.state.ended')}</Chip>;
  return <Chip tone="good">{t('meet.state.resolved')}</Chip>;
}

function Notices() {
  const { t } = useWords();
  const query = useInfiniteQuery(noticesQuery);
  return (
    <Panel title={t('meet.call')} note={t('meet.call_about')}>
      <Loaded query={query}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) return <p className="empty">{t('meet.nobody')}</p>;
          return (
            <>
              <PlainTable
                label={t('meet.call')}
                head={[t('watch.agency'), t('meet.contact'), t('meet.over'), t('meet.since'), t('inbox.state')]}
                keys={items.map((one) => one.id)}
                rows={items.map((one) => [
                  <strong>{one.agency_name}</strong>,
                  <Contact name={one.contact_name} phone={one.contact_phone} />,
                  <About notice={one} />,
                  <Ago at={one.at} />,
                  <Settled notice={one} />,
                ])}
              />
              <More query={query} />
            </>
          );
        }}
      </Loaded>
    </Panel>
  );
}

function Withdraw({ interest, onClose, onDone }: { interest: OpenInterest; onClose: () => void; onDone: () => void }) {
  const { t } = useWords();
  const { busy, error, run } = useAct(onDone);
  const path = { id: interest.id };
  return (
    <Dialog open onClose={onClose} title={t('interest.withdraw')}>
      <div className="stack">
        <p>{t('interest.withdraw_about', { reference: interest.reference })}</p>
        {error === null ? null : <FailureNotice error={error} />}
        <Button
          loading={busy}
          onClick={() => void run(() => take(api.POST('/api/v1/agency/interests/{id}/withdraw', { params: { path } })))}
        >
          {t('interest.withdraw')}
        </Button>
      </div>
    </Dialog>
  );
}

function Interests() {
  const { t, tn, find } = useWords();
  const queries = useQueryClient();
  const mayWrite = useMay('writeInterests');
  const query = useInfiniteQuery(interestsQuery);
  const [opening, setOpening] = useState(false);
  const [ending, setEnding] = useState<OpenInterest | null>(null);
  const [done, setDone] = useState(false);
  const changed = () => {
    setOpening(false);
    setEnding(null);
    setDone(true);
    void queries.invalidateQueries({ queryKey: ['agency', 'interests'] });
    void queries.invalidateQueries({ queryKey: ['agency', 'meetings'] });
  };
  const open = mayWrite ? (
    <Button size="xs" onClick={() => setOpening(true)}>
      {t('interest.open')}
    </Button>
  ) : undefined;
  return (
    <Panel title={t('interest.title')} note={t('interest.note')} actions={open}>
      <p role="status" className="quiet">
        {done ? t('interest.done') : ''}
      </p>
      <Loaded query={query}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) return <p className="empty">{t('interest.none')}</p>;
          return (
            <>
              <PlainTable
                label={t('interest.title')}
                head={[
                  t('interest.who'),
                  t('interest.case'),
                  t('meet.contact'),
                  t('interest.until'),
                  t('meet.met'),
                  t('inbox.state'),
                ]}
                keys={items.map((one) => one.id)}
                rows={items.map((one) => [
                  <>
                    <span className="quiet">{find(`interest.kind.${one.kind}`) ?? one.kind}</span> {one.value}
                    {one.service === '' ? null : <span className="quiet"> ({one.service})</span>}
                  </>,
                  one.reference,
                  <Contact name={one.contact_name} phone={one.contact_phone} />,
                  <DateOnly at={one.until} />,
                  one.meetings === 0 ? '' : tn('meet.times', one.meetings),
                  !one.open ? (
                    <Chip>{t('interest.over')}</Chip>
                  ) : mayWrite ? (
                    <Button
                      size="compact-xs"
                      variant="default"
                      aria-label={t('interest.withdraw_one', { reference: one.reference })}
                      onClick={() => setEnding(one)}
                    >
                      {t('interest.withdraw')}
                    </Button>
                  ) : (
                    <Chip tone="good">{t('interest.stands')}</Chip>
                  ),
                ])}
              />
              <More query={query} />
            </>
          );
        }}
      </Loaded>
      {opening ? <InterestForm onClose={() => setOpening(false)} onDone={changed} /> : null}
      {ending === null ? null : <Withdraw interest={ending} onClose={() => setEnding(null)} onDone={changed} />}
    </Panel>
  );
}

// In whom the officer's agency has an interest, and which other agencies it is to call.
export function InterestsPage() {
  const { t } = useWords();
  return (
    <Page title={t('interest.page')} lead={t('interest.page_about')} wide>
      <Notices />
      <Interests />
    </Page>
  );
}
