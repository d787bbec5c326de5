import { useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { reportQuery } from '../api/queries';
import { Failure } from '../api/failure';
import type { ReportDetail } from '../api/types';
import { useLiveEvents } from '../shared/live_context';
import type { LiveEvent } from '../shared/live_stream';
import { useShortcuts, type PageShortcut } from '../shared/shortcuts';
import { FailureNotice, Page, Waiting } from '../shared/ui';
import { useWords } from '../words/words';
import { AuditPanel } from './audit_panel';
import { useListStores } from './list_stores';
import { indexOfId } from './live_merge';
import { USUAL_PURPOSE } from './purpose';
import { PurposePicker } from './purpose_picker';
import { ReportView } from './report_view';

// The way back to the list as it was, and to its neighbours.
function useNeighbours(id: number) {
  const stores = useListStores();
  const navigate = useNavigate();
  const back = `/reports${stores.latestSearch === '' ? '' : `?${stores.latestSearch}`}`;
  const rows = stores.latest?.store.read().rows ?? [];
  const here = indexOfId(rows, id);
  const newer = here > 0 ? rows[here - 1]?.id : undefined;
  const older = here >= 0 ? rows[here + 1]?.id : undefined;
  const shortcuts = useMemo<PageShortcut[]>(() => {
    const go = (to: number | undefined) => {
      if (to === undefined) return;
      if (stores.latest !== null) stores.latest.activeId = to;
      void navigate(`/reports/${to}`);
    };
    return [
      { id: 'report-back', keys: ['u', 'Escape'], word: 'keys.back', run: () => void navigate(back) },
      { id: 'report-older', keys: ['j'], word: 'keys.older', run: () => go(older) },
      { id: 'report-newer', keys: ['k'], word: 'keys.newer', run: () => go(newer) },
    ];
  }, [stores, navigate, back, older, newer]);
  useShortcuts(shortcuts);
  return { back, newer, older };
}

// Whether something happened to the report after it was read here.
function useChanged(id: number): [boolean, (changed: boolean) => void] {
  const [changed, setChanged] = useState(false);
  const onEvent = useCallback(
    (event: LiveEvent) => {
      if (event.subject === id) setChanged(true);
    },
    [id],
  );
  useLiveEvents(
    onEvent,
    useCallback(() => undefined, []),
  );
  return [changed, setChanged];
}

export function ReportPage() {
  const id = Number(useParams()['id']);
  return Number.isSafeInteger(id) && id > 0 ? <OneReport key={id} id={id} /> : <NoReport />;
}

function NoReport() {
  const { t } = useWords();
  return (
    <Page title={t('missing.title')}>
      <p>{t('report.missing')}</p>
    </Page>
  );
}

function OneReport({ id }: { id: number }) {
  const { t } = useWords();
  const [purpose, setPurpose] = useState(USUAL_PURPOSE);
  const [revision, setRevision] = useState(0);
  const [changed, setChanged] = useChanged(id);
  const { back, newer, older } = useNeighbours(id);
  const report = useQuery(reportQuery(id, purpose, revision));
  // The purpose changes what may be seen, not what is on the screen meanwhile.
  // The trail is fetched once this reading is done, since the reading is itself an entry of it.
  const [shown, setShown] = useState<{ detail: ReportDetail; reading: string } | null>(null);
  if (report.data !== undefined && report.data !== shown?.detail)
    setShown({ detail: report.data, reading: `${purpose} ${revision}` });

  const readAgain = () => {
    setChanged(false);
    setRevision(revision + 1);
  };
  if (report.error instanceof Failure && report.error.status === 404) return <NoReport />;
  const picker = <PurposePicker purpose={purpose} onPick={setPurpose} />;
  return (
    <Page
      title={t('report.title', { id })}
      wide
      actions={
        <nav className="neighbours" aria-label={t('report.neighbours')}>
          <Link to={back}>{t('report.back')}</Link>
          {newer === undefined ? null : <Link to={`/reports/${newer}`}>{t('report.newer')}</Link>}
          {older === undefined ? null : <Link to={`/reports/${older}`}>{t('report.older')}</Link>}
        </nav>
      }
    >
      {changed ? (
        <p className="changed" role="status">
          {t('report.changed')}{' '}
          <button type="button" className="link-button" onClick={readAgain}>
            {t('report.read_again')}
          </button>
        </p>
      ) : null}
      {report.error !== null ? <FailureNotice error={report.error} retry={() => void report.refetch()} /> : null}
      {shown === null ? (
        report.isPending ? (
          <Waiting />
        ) : (
          picker
        )
      ) : (
        <ReportView
          detail={shown.detail}
          purpose={purpose}
          picker={picker}
          trail={<AuditPanel id={id} reading={shown.reading} />}
        />
      )}
    </Page>
  );
}
