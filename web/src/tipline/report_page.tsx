import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState, type ComponentType, type MouseEvent } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { reportQuery } from '../api/queries';
import { Failure } from '../api/failure';
import type { ReportDetail, ReportState } from '../api/types';
import type { LiveEvent } from '../shared/live_stream';
import { NewsNotice, useNews, type News } from '../shared/news';
import { useShortcuts, type PageShortcut } from '../shared/shortcuts';
import { FailureNotice, Page, Waiting } from '../shared/ui';
import { useWayBack } from '../shared/way_back';
import { useWords } from '../words/words';
import { AuditPanel } from './audit_panel';
import type { FilePart } from './files_panel';
import { USUAL_PURPOSE } from './purpose';
import { PurposePicker } from './purpose_picker';
import { ReportView } from './report_view';

// A press that leads this page there, and does not open another one.
const follows = (press: MouseEvent) => !press.metaKey && !press.ctrlKey && !press.shiftKey && !press.altKey;

// The way back to the list as it was, and to the report's neighbours in it.
function useNeighbours(id: number) {
  const { origin } = useWayBack();
  const navigate = useNavigate();
  const back = origin?.path ?? '/reports';
  const fromQueue = origin?.kind === 'queue';
  // Where the keys have got to: of two quick ones the second starts where the first leads, drawn or not.
  const reached = useRef(id);
  const reach = useCallback(
    (to: number) => {
      reached.current = to;
      origin?.activate(to);
    },
    [origin],
  );
  useEffect(() => {
    const back = () => {
      reached.current = id;
    };
    window.addEventListener('popstate', back);
    return () => window.removeEventListener('popstate', back);
  }, [id]);
  const ids = origin?.ids() ?? [];
  const here = ids.indexOf(id);
  const before = here > 0 ? ids[here - 1] : undefined;
  const after = here >= 0 ? ids[here + 1] : undefined;
  const shortcuts = useMemo<PageShortcut[]>(() => {
    const go = (rows: 1 | -1) => {
      const known = origin?.ids() ?? [];
      const place = known.indexOf(reached.current);
      const to = place < 0 ? undefined : known[place + rows];
      if (to === undefined) return;
      reach(to);
      void navigate(`/reports/${to}`);
    };
    return [
      {
        id: 'report-back',
        keys: ['u', 'Escape'],
        word: fromQueue ? 'keys.back_to_queue' : 'keys.back',
        run: () => void navigate(back),
      },
      { id: 'report-older', keys: ['j'], word: fromQueue ? 'keys.queue_next' : 'keys.older', run: () => go(1) },
      {
        id: 'report-newer',
        keys: ['k'],
        word: fromQueue ? 'keys.queue_previous' : 'keys.newer',
        run: () => go(-1),
      },
    ];
  }, [origin, reach, navigate, back, fromQueue]);
  useShortcuts(shortcuts);
  return { back, before, after, fromQueue, reach };
}

// Whether something happened to the report after it was read here. How it is judged and what looks like its pictures is watched
// where that is shown.
function useReportNews(id: number): [News, () => void] {
  return useNews(
    useCallback(
      (event: LiveEvent) =>
        event.subject === id && !event.kind.startsWith('triage.') && !event.kind.startsWith('hashing.'),
      [id],
    ),
    true,
  );
}

// What another room shows of the report, between the summary and what was submitted.
// It reads again whenever `reading` changes.
export type JudgementPart = ComponentType<{
  id: number;
  reading: number;
  onActed: (row: { state: ReportState }) => void;
}>;

interface Parts {
  judgement: JudgementPart | null;
  gate: FilePart | null;
}

export function ReportPage(parts: Parts) {
  const id = Number(useParams()['id']);
  return Number.isSafeInteger(id) && id > 0 ? <OneReport key={id} id={id} {...parts} /> : <NoReport />;
}

function NoReport() {
  const { t } = useWords();
  return (
    <Page title={t('missing.title')}>
      <p>{t('report.missing')}</p>
    </Page>
  );
}

function OneReport({ id, judgement: Judgement, gate }: Parts & { id: number }) {
  const { t } = useWords();
  const [purpose, setPurpose] = useState(USUAL_PURPOSE);
  const [revision, setRevision] = useState(0);
  const [news, seen] = useReportNews(id);
  const { back, before, after, fromQueue, reach } = useNeighbours(id);
  // Where the reader's own acts have brought the report since it was read, and how many there were.
  const [acted, setActed] = useState<{ state: ReportState | null; times: number }>({ state: null, times: 0 });
  const onActed = useCallback(
    (row: { state: ReportState }) => setActed((earlier) => ({ state: row.state, times: earlier.times + 1 })),
    [],
  );
  const report = useQuery(reportQuery(id, purpose, revision));
  // The purpose changes what may be seen, not what is on the screen meanwhile.
  // The trail is fetched once this reading is done, since the reading is itself an entry of it.
  const [shown, setShown] = useState<{ detail: ReportDetail; reading: string } | null>(null);
  if (report.data !== undefined && report.data !== shown?.detail)
    setShown({ detail: report.data, reading: `${purpose} ${revision} ${report.dataUpdatedAt}` });

  const readAgain = () => {
    seen();
    setActed({ state: null, times: acted.times + 1 });
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
          <Link to={back}>{t(fromQueue ? 'report.back_to_queue' : 'report.back')}</Link>
          {before === undefined ? null : (
            <Link to={`/reports/${before}`} onClick={(event) => follows(event) && reach(before)}>
              {t(fromQueue ? 'report.previous' : 'report.newer')}
            </Link>
          )}
          {after === undefined ? null : (
            <Link to={`/reports/${after}`} onClick={(event) => follows(event) && reach(after)}>
              {t(fromQueue ? 'report.next' : 'report.older')}
            </Link>
          )}
        </nav>
      }
    >
      <NewsNotice news={news} some="report.changed" show="report.read_again" onShow={readAgain} />
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
          state={acted.state ?? shown.detail.report.state}
          gate={gate}
          judgement={Judgement === null ? null : <Judgement id={id} reading={revision} onActed={onActed} />}
          trail={<AuditPanel id={id} reading={`${shown.reading} ${acted.times}`} />}
        />
      )}
    </Page>
  );
}
