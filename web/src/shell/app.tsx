import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, type ComponentType } from 'react';
import { createBrowserRouter, Navigate, Outlet, useLocation } from 'react-router';
import { onSessionEnded } from '../api/client';
import { sessionQuery } from '../api/queries';
import type { Session } from '../api/types';
import { SignInPage } from '../auth/sign_in_page';
import { LiveProvider } from '../shared/live_context';
import { may, type Ability } from '../shared/permissions';
import { SessionContext, useMay, useSession } from '../shared/session_context';
import { ShortcutProvider } from '../shared/shortcuts';
import { FailureNotice, Page, Waiting } from '../shared/ui';
import { WayBackProvider } from '../shared/way_back';
import { ListStoresProvider } from '../tipline/list_stores';
import { QueueStoresProvider } from '../triage/queue_stores';
import { useWords } from '../words/words';
import { roomsOf } from './navigation';
import { Shell } from './shell';

function page(load: () => Promise<ComponentType>): ComponentType {
  return lazy(async () => ({ default: await load() }));
}

const ReportsPage = page(async () => (await import('../tipline/list_page')).ListPage);
const ReportRoom = page(async () => (await import('./report_room')).ReportRoom);
const QueuePage = page(async () => (await import('../triage/queue_page')).QueuePage);
const InboxPage = page(async () => (await import('../agency/inbox_page')).InboxPage);
const DeliveryPage = page(async () => (await import('../agency/delivery_page')).DeliveryPage);
const PersonPage = page(async () => (await import('../triage/person_page')).PersonPage);
const InterestsPage = page(async () => (await import('../deconfliction/interests_page')).InterestsPage);
const MeetingsPage = page(async () => (await import('../deconfliction/meetings_page')).MeetingsPage);
const SupervisionPage = page(async () => (await import('../supervision/supervision_page')).SupervisionPage);
const ScorecardsPage = page(async () => (await import('../supervision/scorecards_page')).ScorecardsPage);
const GatePage = page(async () => (await import('../evidence/gate_page')).GatePage);
const ExposurePage = page(async () => (await import('../evidence/exposure_page')).ExposurePage);
const CountsPage = page(async () => (await import('../tipline/counts_page')).CountsPage);
const OrganisationsPage = page(async () => (await import('../directory/organisations_page')).OrganisationsPage);
const AccountsPage = page(async () => (await import('../directory/accounts_page')).AccountsPage);
const TokensPage = page(async () => (await import('../directory/tokens_page')).TokensPage);
const StatusPage = page(async () => (await import('../status/status_page')).StatusPage);
const AuditPage = page(async () => (await import('../audit/audit_page')).AuditPage);

function SignedIn({ session }: { session: Session }) {
  return (
    <SessionContext value={session}>
      <LiveProvider enabled={may(session, 'watchLive')}>
        <ShortcutProvider>
          <WayBackProvider>
            <ListStoresProvider>
              <QueueStoresProvider>
                <Outlet />
              </QueueStoresProvider>
            </ListStoresProvider>
          </WayBackProvider>
        </ShortcutProvider>
      </LiveProvider>
    </SessionContext>
  );
}

// Everything but signing in happens behind this door.
function Door() {
  const queries = useQueryClient();
  const session = useQuery(sessionQuery);
  const location = useLocation();
  useEffect(
    () =>
      onSessionEnded(() => {
        queries.setQueryData(sessionQuery.queryKey, null);
        queries.removeQueries({ predicate: (query) => query.queryKey[0] !== 'session' });
      }),
    [queries],
  );

  if (session.isPending) return <Waiting />;
  if (session.data === undefined) return <FailureNotice error={session.error} retry={() => void session.refetch()} />;
  if (session.data === null || session.data.second_factor !== 'done') {
    const wanted = location.pathname === '/' ? '' : `?to=${encodeURIComponent(location.pathname + location.search)}`;
    return <Navigate to={`/sign-in${wanted}`} replace />;
  }
  return <SignedIn session={session.data} />;
}

function Missing() {
  const { t } = useWords();
  return (
    <Page title={t('missing.title')}>
      <p>{t('missing.text')}</p>
    </Page>
  );
}

// The first room this person may enter.
function Start() {
  const { t } = useWords();
  const first = roomsOf(useSession())[0];
  if (first !== undefined) return <Navigate to={first.path} replace />;
  return (
    <Page title={t('nothing.title')}>
      <p>{t('nothing.text')}</p>
    </Page>
  );
}

// A room that a person may not enter looks like one that is not there.
function Guarded({ needs, room: Room }: { needs: Ability; room: ComponentType }) {
  return useMay(needs) ? <Room /> : <Missing />;
}

export const router = createBrowserRouter(
  [
    {
      path: '/sign-in',
      element: (
        <Suspense fallback={<Waiting />}>
          <SignInPage />
        </Suspense>
      ),
    },
    {
      element: <Door />,
      children: [
        {
          element: <Shell />,
          children: [
            { index: true, element: <Start /> },
            { path: 'queue', element: <Guarded needs="seeQueue" room={QueuePage} /> },
            { path: 'agency', element: <Guarded needs="readDeliveries" room={InboxPage} /> },
            { path: 'agency/:id', element: <Guarded needs="readDeliveries" room={DeliveryPage} /> },
            { path: 'interests', element: <Guarded needs="readInterests" room={InterestsPage} /> },
            { path: 'deconfliction', element: <Guarded needs="resolveMeetings" room={MeetingsPage} /> },
            { path: 'reports', element: <Guarded needs="listReports" room={ReportsPage} /> },
            { path: 'reports/:id', element: <Guarded needs="readReport" room={ReportRoom} /> },
            { path: 'reports/:id/person', element: <Guarded needs="readTip" room={PersonPage} /> },
            { path: 'supervision', element: <Guarded needs="superviseTips" room={SupervisionPage} /> },
            { path: 'scorecards', element: <Guarded needs="readScorecards" room={ScorecardsPage} /> },
            { path: 'gate', element: <Guarded needs="writeAuthorities" room={GatePage} /> },
            { path: 'exposure', element: <Guarded needs="readExposure" room={ExposurePage} /> },
            { path: 'counts', element: <Guarded needs="readCounts" room={CountsPage} /> },
            { path: 'organisations', element: <Guarded needs="readOrganisations" room={OrganisationsPage} /> },
            { path: 'accounts', element: <Guarded needs="readAccounts" room={AccountsPage} /> },
            { path: 'tokens', element: <Guarded needs="readAccounts" room={TokensPage} /> },
            { path: 'status', element: <Guarded needs="readStatus" room={StatusPage} /> },
            { path: 'audit', element: <Guarded needs="readAudit" room={AuditPage} /> },
            { path: '*', element: <Missing /> },
          ],
        },
      ],
    },
  ],
  { basename: '/console' },
);
