import { Button, Group } from '@mantine/core';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { api, take } from '../api/client';
import type { DeliveryRow } from '../api/types';
import { Dialog } from '../shared/dialog';
import { useLabels } from '../shared/labels';
import { Ago, DateOnly } from '../shared/moment';
import { useMay } from '../shared/session_context';
import { Chip, FailureNotice, Page, Waiting } from '../shared/ui';
import { useAct } from '../shared/use_act';
import { useWords } from '../words/words';
import { dataOf, packagesOf } from './bulk';
import { DaysLeft } from './days_left';
import { FeedbackForm, type FeedbackBody } from './feedback_form';
import { SheetDialog } from './sheet_dialog';
import { agencyCountsQuery, INBOX_VIEWS, inboxQuery, type InboxView } from './queries';
import './agency.css';

function Row({ row, chosen, onChoose }: { row: DeliveryRow; chosen: boolean; onChoose: (chosen: boolean) => void }) {
  const { t, find } = useWords();
  const { label } = useLabels();
  const unread = row.opened_at === null;
  return (
    <tr className={unread ? 'unread' : undefined}>
      <td>
        <input
          type="checkbox"
          checked={chosen}
          aria-label={t('inbox.select', { id: row.report_id })}
          onChange={(event) => onChoose(event.target.checked)}
        />
      </td>
      <th scope="row">
        <Link to={`/agency/${row.id}`}>{row.report_id}</Link>{' '}
        {row.urgent ? <Chip tone="bad">{t('flag.urgent')}</Chip> : null}
      </th>
      <td>{label('incident_types', row.incident_type)}</td>
      <td>{row.reported_by === '' ? t('inbox.public') : row.reported_by}</td>
      <td>
        {row.preserve_until === null ? null : (
          <>
            <DateOnly at={row.preserve_until} /> <DaysLeft until={row.preserve_until} />
          </>
        )}
      </td>
      <td>
        <Ago at={row.made_available_at} />
      </td>
      <td>
        <Chip tone={unread ? 'warn' : row.feedback_at !== null ? 'good' : 'plain'}>
          {unread ? t('inbox.unread') : (find(`delivery_state.${row.state}`) ?? row.state)}
        </Chip>
      </td>
    </tr>
  );
}

function BulkAnswer({
  chosen,
  onDone,
  onClose,
}: {
  chosen: readonly number[];
  onDone: () => void;
  onClose: () => void;
}) {
  const { t } = useWords();
  const { busy, error, run } = useAct(onDone);
  const send = (feedback: FeedbackBody) =>
    run(() => take(api.POST('/api/v1/agency/feedback', { body: { deliveries: [...chosen], feedback } })));
  return (
    <Dialog open onClose={onClose} title={t('inbox.answer')}>
      <FeedbackForm busy={busy} error={error} onSend={send} />
    </Dialog>
  );
}

function ViewsBar({ view, onView }: { view: InboxView; onView: (view: InboxView) => void }) {
  const { t } = useWords();
  return (
    <div role="group" aria-label={t('inbox.views')} className="inbox-views">
      {INBOX_VIEWS.map((one) => (
        <Button
          key={one}
          size="xs"
          variant={one === view ? 'filled' : 'default'}
          aria-pressed={one === view}
          onClick={() => onView(one)}
        >
          {t(`inbox.${one}`)}
        </Button>
      ))}
    </div>
  );
}

const FETCH_GAP_MS = 400;
const FETCH_SHOWN_MS = 3000;

// One after another, so that a browser keeps them all.
function fetchAll(addresses: readonly string[]) {
  addresses.forEach((address, index) => {
    window.setTimeout(() => {
      const link = document.createElement('a');
      link.href = address;
      link.download = '';
      link.click();
    }, index * FETCH_GAP_MS);
  });
}

// What was made available to the reader's agency: unread first, urgent before the rest.
export function InboxPage() {
  const { t, tn } = useWords();
  const queries = useQueryClient();
  const mayAct = useMay('actOnDeliveries');
  const [search, setSearch] = useSearchParams();
  const view = INBOX_VIEWS.find((one) => one === search.get('view')) ?? 'all';
  const counts = useQuery(agencyCountsQuery);
  const list = useInfiniteQuery(inboxQuery(view));
  const [chosen, setChosen] = useState<readonly number[]>([]);
  const [answering, setAnswering] = useState(false);
  const [sheet, setSheet] = useState(false);
  const [answered, setAnswered] = useState(0);
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  const picked = rows.filter((row) => chosen.includes(row.id));
  const [fetching, setFetching] = useState(false);
  // What is fetched is opened: the list shows it when the server has had time to begin.
  const fetchThem = (addresses: readonly string[]) => {
    setFetching(true);
    fetchAll(addresses);
    window.setTimeout(
      () => {
        setFetching(false);
        void queries.invalidateQueries({ queryKey: ['agency'] });
      },
      FETCH_SHOWN_MS + addresses.length * FETCH_GAP_MS,
    );
  };
  const done = () => {
    setAnswered(picked.length);
    setAnswering(false);
    setChosen([]);
    void queries.invalidateQueries({ queryKey: ['agency'] });
  };
  return (
    <Page
      title={t('inbox.title')}
      wide
      actions={
        mayAct ? (
          <Button size="xs" variant="default" onClick={() => setSheet(true)}>
            {t('sheet.open')}
          </Button>
        ) : undefined
      }
      lead={
        counts.data === undefined ? undefined : (
          <>
            {t('inbox.about', { agency: counts.data.agency_name })}{' '}
            {t('inbox.counts', { unread: counts.data.unread, urgent: counts.data.unread_urgent })}.{' '}
            {counts.data.ending === 0 ? null : tn('inbox.ending_count', counts.data.ending)}
          </>
        )
      }
    >
      <ViewsBar
        view={view}
        onView={(one) => {
          setChosen([]);
          setSearch(one === 'all' ? {} : { view: one });
        }}
      />
      <p role="status" className="quiet">
        {picked.length > 0 ? tn('inbox.selected', picked.length) : answered > 0 ? tn('inbox.bulk_done', answered) : ''}
      </p>
      {picked.length === 0 ? null : (
        <Group mb="sm">
          {mayAct ? (
            <Button size="xs" onClick={() => setAnswering(true)}>
              {t('inbox.answer')}
            </Button>
          ) : null}
          <Button size="xs" variant="default" disabled={fetching} onClick={() => fetchThem(packagesOf(picked))}>
            {t('inbox.download')}
          </Button>
          <Button size="xs" variant="default" disabled={fetching} onClick={() => fetchThem(dataOf(picked))}>
            {t('inbox.data')}
          </Button>
        </Group>
      )}
      {list.error !== null ? <FailureNotice error={list.error} retry={() => void list.refetch()} /> : null}
      {list.isPending ? <Waiting /> : null}
      {list.data !== undefined && rows.length === 0 ? <p className="empty">{t('inbox.none')}</p> : null}
      {rows.length === 0 ? null : (
        <div className="table-frame" tabIndex={0} role="region" aria-label={t('inbox.title')}>
          <table className="table inbox">
            <thead>
              <tr>
                <td />
                <th scope="col">{t('inbox.report')}</th>
                <th scope="col">{t('inbox.kind')}</th>
                <th scope="col">{t('inbox.from')}</th>
                <th scope="col">{t('inbox.keeps')}</th>
                <th scope="col">{t('inbox.since')}</th>
                <th scope="col">{t('inbox.state')}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <Row
                  key={row.id}
                  row={row}
                  chosen={chosen.includes(row.id)}
                  onChoose={(yes) => setChosen(yes ? [...chosen, row.id] : chosen.filter((id) => id !== row.id))}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {list.hasNextPage ? (
        <Button variant="default" mt="sm" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('inbox.more')}
        </Button>
      ) : null}
      {sheet ? (
        <SheetDialog
          onClose={() => setSheet(false)}
          onDone={() => void queries.invalidateQueries({ queryKey: ['agency'] })}
        />
      ) : null}
      {answering ? (
        <BulkAnswer chosen={picked.map((row) => row.id)} onDone={done} onClose={() => setAnswering(false)} />
      ) : null}
    </Page>
  );
}
