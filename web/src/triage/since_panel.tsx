import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import type { MovedTip, QueueChangesAnswer } from '../api/types';
import { count } from '../shared/format';
import { Ago, Exact } from '../shared/moment';
import { PlainTable } from '../shared/plain_table';
import { useSession } from '../shared/session_context';
import { useWords } from '../words/words';
import { searchFrom } from './filters';
import { LevelMark, UrgentMark } from './marks';
import { changesQuery } from './queries';
import { useShiftStart } from './use_shift';

function Standing({ level, urgent }: { level: number; urgent: boolean }) {
  return urgent ? <UrgentMark /> : <LevelMark level={level} />;
}

function Moved({ moved, more }: { moved: readonly MovedTip[]; more: boolean }) {
  const { t, find } = useWords();
  return (
    <>
      {moved.length === 0 ? null : (
        <PlainTable
          label={t('since.moved')}
          head={[t('watch.report'), t('since.before'), t('since.now'), t('since.why'), t('since.when')]}
          keys={moved.map((one) => one.report_id)}
          rows={moved.map((one) => [
            <Link to={`/reports/${one.report_id}`}>{one.report_id}</Link>,
            <Standing level={one.priority_before} urgent={one.urgent_before} />,
            <Standing level={one.priority} urgent={one.urgent} />,
            find(`cause.${one.cause}`) ?? one.cause,
            <Ago at={one.at} />,
          ])}
        />
      )}
      {more ? <p className="quiet">{t('since.more')}</p> : null}
    </>
  );
}

function Came({ changes }: { changes: QueueChangesAnswer }) {
  const { t, language } = useWords();
  const all = changes.came.reduce((sum, one) => sum + one, 0);
  const search = searchFrom({ sort: 'newest' }).toString();
  return (
    <p>
      <Link to={`/queue?${search}`}>
        {changes.came_more
          ? t('since.came_more', { count: count(10_000, language) })
          : t('since.came', { count: count(all, language) })}
      </Link>
      {changes.came_urgent === 0
        ? null
        : ` ${t('since.came_urgent', { count: `${count(changes.came_urgent, language)}${changes.came_more ? '+' : ''}` })}`}
    </p>
  );
}

// What changed since somebody was last here. Closed until asked for: the queue is what people come for.
export function SincePanel() {
  const { t } = useWords();
  const since = useShiftStart(useSession().login);
  const [open, setOpen] = useState(false);
  const changes = useQuery({ ...changesQuery(since ?? ''), enabled: open && since !== null });
  if (since === null) return null;
  return (
    <details className="fold since" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {t('since.title')}{' '}
        <span className="quiet">
          <Exact at={since} />
        </span>
      </summary>
      {changes.data === undefined ? (
        <p className="quiet">{changes.isError ? t('since.failed') : t('since.looking')}</p>
      ) : (
        <>
          <Came changes={changes.data} />
          {changes.data.moved.length === 0 && !changes.data.moved_more ? (
            <p className="quiet">{t('since.none_moved')}</p>
          ) : null}
          <Moved moved={changes.data.moved} more={changes.data.moved_more} />
        </>
      )}
    </details>
  );
}
