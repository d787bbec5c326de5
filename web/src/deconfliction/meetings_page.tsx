import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import type { DeconflictionMeeting } from '../api/types';
import { useLabels } from '../shared/labels';
import { Ago, Exact } from '../shared/moment';
import { PlainTable } from '../shared/plain_table';
import { useMay } from '../shared/session_context';
import { Chip, Loaded, Page, Panel } from '../shared/ui';
import { useWords } from '../words/words';
import { Side } from './side';
import { holdsQuery, meetingsQuery } from './queries';
import { ResolveForm } from './resolve_form';

function Over({ meeting }: { meeting: DeconflictionMeeting }) {
  const { t } = useWords();
  if (meeting.report_id === 0) return <>{t('meet.two_interests')}</>;
  return (
    <>
      <Link to={`/reports/${meeting.report_id}`}>{t('meet.report', { id: meeting.report_id })}</Link>{' '}
      {meeting.pauses && meeting.state === 'open' ? <Chip tone="warn">{t('meet.pauses')}</Chip> : null}
    </>
  );
}

function Meetings() {
  const { t, find } = useWords();
  const queries = useQueryClient();
  const mayResolve = useMay('resolveMeetings');
  const query = useQuery(meetingsQuery);
  const [settling, setSettling] = useState<DeconflictionMeeting | null>(null);
  const settle = (one: DeconflictionMeeting, word: 'meet.resolve' | 'meet.change') =>
    mayResolve ? (
      <Button
        size="compact-xs"
        variant="default"
        aria-label={`${t(word)}: ${one.holder.agency_name}, ${one.other.agency_name}`}
        onClick={() => setSettling(one)}
      >
        {t(word)}
      </Button>
    ) : null;
  return (
    <Loaded query={query}>
      {({ open, resolved }) => (
        <>
          <Panel title={t('meet.open')} note={t('meet.open_about')}>
            {open.length === 0 ? (
              <p className="empty">{t('meet.none_open')}</p>
            ) : (
              <PlainTable
                label={t('meet.open')}
                head={[t('meet.over'), t('meet.holder'), t('meet.other'), t('meet.since'), t('meet.resolve')]}
                keys={open.map((one) => one.id)}
                rows={open.map((one) => [
                  <Over meeting={one} />,
                  <Side side={one.holder} />,
                  <Side side={one.other} />,
                  <Ago at={one.at} />,
                  settle(one, 'meet.resolve'),
                ])}
              />
            )}
          </Panel>
          {resolved.length === 0 ? null : (
            <Panel title={t('meet.resolved')}>
              <PlainTable
                label={t('meet.resolved')}
                cell="long"
                head={[
                  t('meet.over'),
                  t('meet.holder'),
                  t('meet.other'),
                  t('meet.outcome'),
                  t('meet.note'),
                  t('meet.change'),
                ]}
                keys={resolved.map((one) => one.id)}
                rows={resolved.map((one) => [
                  <Over meeting={one} />,
                  one.holder.agency_name,
                  one.other.agency_name,
                  find(`meet.short.${one.outcome ?? ''}`) ?? '',
                  <>
                    {one.note} <span className="quiet">{one.resolved_by_login}</span>
                  </>,
                  settle(one, 'meet.change'),
                ])}
              />
            </Panel>
          )}
          {settling === null ? null : (
            <ResolveForm
              meeting={settling}
              onClose={() => setSettling(null)}
              onDone={() => {
                setSettling(null);
                void queries.invalidateQueries({ queryKey: ['deconfliction'] });
              }}
            />
          )}
        </>
      )}
    </Loaded>
  );
}

function Holds() {
  const { t } = useWords();
  const { label } = useLabels();
  const query = useQuery(holdsQuery);
  return (
    <Panel title={t('hold.list')} note={t('hold.list_about')}>
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="empty">{t('hold.none')}</p>
          ) : (
            <PlainTable
              label={t('hold.list')}
              cell="long"
              head={[t('watch.report'), t('hold.reason'), t('hold.reference'), t('hold.review'), t('hold.by')]}
              keys={items.map((one) => one.report_id)}
              rows={items.map((one) => [
                <>
                  <Link to={`/reports/${one.report_id}`}>{one.report_id}</Link>{' '}
                  {one.urgent ? <Chip tone="bad">{t('flag.urgent')}</Chip> : null}
                </>,
                label('hold_reasons', one.reason),
                one.reference,
                <>
                  {one.review_on} {one.overdue ? <Chip tone="bad">{t('hold.overdue')}</Chip> : null}
                </>,
                <>
                  {one.account_login}{' '}
                  <span className="quiet">
                    · <Exact at={one.at} />
                  </span>
                </>,
              ])}
            />
          )
        }
      </Loaded>
    </Panel>
  );
}

// Reports that go to nobody: until two agencies have spoken, or for a legal reason.
export function MeetingsPage() {
  const { t } = useWords();
  return (
    <Page title={t('meet.title')} lead={t('meet.about')} wide>
      <Meetings />
      <Holds />
    </Page>
  );
}
