import { Button } from '@mantine/core';
import type { Status } from '../api/types';
import { bytes, count, humanise } from '../shared/format';
import { Ago, Exact } from '../shared/moment';
import { useNow } from '../shared/now';
import { Chip, Fact, Facts, Panel } from '../shared/ui';
import { useWords } from '../words/words';
import { concernsOf, isLate } from './judge';

type Lane = Status['lanes'][number];
type DeadLetter = Status['dead_letters'][number];

export function Health({ status }: { status: Status }) {
  const { t } = useWords();
  const concerns = concernsOf(status, useNow());
  if (concerns.length === 0) return <p className="health health-good">{t('status.healthy')}</p>;
  return (
    <div className="health health-bad">
      <p>{t('status.attention')}</p>
      <ul>
        {concerns.map((concern) => (
          <li key={concern}>{t(`concern.${concern}`)}</li>
        ))}
      </ul>
    </div>
  );
}

// Work in a lane as one bar: being done, waiting, given up.
function LaneBar({ lane, most }: { lane: Lane; most: number }) {
  const scale = (value: number) => (100 * value) / most;
  const leased = scale(lane.leased);
  const waiting = scale(lane.waiting);
  return (
    <svg
      viewBox="0 0 100 8"
      preserveAspectRatio="none"
      width="100%"
      height="12"
      aria-hidden="true"
      className="lane-bar"
    >
      <rect className="lane-track" width="100" height="8" />
      <rect className="lane-leased" width={leased} height="8" />
      <rect className="lane-waiting" x={leased} width={waiting} height="8" />
      <rect className="lane-dead" x={leased + waiting} width={scale(lane.dead)} height="8" />
    </svg>
  );
}

export function Lanes({ lanes }: { lanes: readonly Lane[] }) {
  const { t, find, language } = useWords();
  const now = useNow();
  const most = Math.max(1, ...lanes.map((lane) => lane.leased + lane.waiting + lane.dead));
  return (
    <Panel title={t('lanes.title')}>
      <table className="table lanes">
        <thead>
          <tr>
            <th scope="col">{t('lanes.lane')}</th>
            <th scope="col" className="number">
              {t('lanes.leased')}
            </th>
            <th scope="col" className="number">
              {t('lanes.waiting')}
            </th>
            <th scope="col" className="number">
              {t('lanes.dead')}
            </th>
          </tr>
        </thead>
        {lanes.map((lane) => (
          <tbody key={lane.lane}>
            <tr>
              <th scope="row">{find(`lane.${lane.lane}`) ?? humanise(lane.lane)}</th>
              <td className="number">{count(lane.leased, language)}</td>
              <td className="number">{count(lane.waiting, language)}</td>
              <td className="number">{count(lane.dead, language)}</td>
            </tr>
            <tr className="lane-detail">
              <td colSpan={4}>
                <LaneBar lane={lane} most={most} />
                {lane.waiting > 0 && lane.oldest_due !== null && isLate(lane.oldest_due, now) ? (
                  <span className="quiet">
                    {t('lanes.late')} <Ago at={lane.oldest_due} />
                  </span>
                ) : null}
              </td>
            </tr>
          </tbody>
        ))}
      </table>
    </Panel>
  );
}

export function Storage({ status }: { status: Status }) {
  const { t, language } = useWords();
  const { free_bytes: free, total_bytes: total } = status.disk;
  const used = total > 0 ? (100 * (total - free)) / total : 0;
  return (
    <Panel title={t('storage.title')}>
      <Facts>
        <Fact name={t('storage.disk')}>
          {t('storage.free_of', { free: bytes(free, language), total: bytes(total, language) })}
          <svg
            viewBox="0 0 100 8"
            preserveAspectRatio="none"
            width="100%"
            height="10"
            aria-hidden="true"
            className="lane-bar"
          >
            <rect className="lane-track" width="100" height="8" />
            <rect className="lane-leased" width={used} height="8" />
          </svg>
        </Fact>
        {status.vault_free_bytes < 0 ? null : (
          <Fact name={t('storage.vault')}>{t('storage.free', { free: bytes(status.vault_free_bytes, language) })}</Fact>
        )}
        <Fact name={t('storage.backup')}>
          {status.last_backup_at === null ? (
            <Chip tone="warn">{t('storage.never')}</Chip>
          ) : (
            <Exact at={status.last_backup_at} />
          )}
        </Fact>
        <Fact name={t('status.media')}>
          <Chip tone={status.media_ok ? 'good' : 'bad'}>
            {t(status.media_ok ? 'status.media_ok' : 'status.media_not')}
          </Chip>
        </Fact>
        <Fact name={t('status.database')}>
          {status.engine}{' '}
          <Chip tone={status.database_ok ? 'good' : 'bad'}>
            {status.database_ok ? t('status.answers') : t('status.silent')}
          </Chip>
        </Fact>
      </Facts>
    </Panel>
  );
}

export function AuditState({ status }: { status: Status }) {
  const { t, language } = useWords();
  const { audit } = status;
  return (
    <Panel title={t('audit_state.title')}>
      <Facts>
        <Fact name={t('audit_state.entries')}>{count(audit.entries, language)}</Fact>
        <Fact name={t('audit_state.unsealed')}>{count(audit.entries - audit.sealed, language)}</Fact>
        <Fact name={t('audit_state.head')}>
          {audit.head_at === null ? t('storage.never') : <Exact at={audit.head_at} />}
        </Fact>
        <Fact name={t('status.version')}>{status.version}</Fact>
        <Fact name={t('status.started')}>
          <Exact at={status.started_at} />
        </Fact>
      </Facts>
    </Panel>
  );
}

export function DeadLetters({
  jobs,
  busy,
  onRevive,
}: {
  jobs: readonly DeadLetter[];
  busy: boolean;
  onRevive?: ((id: number) => void) | undefined;
}) {
  const { t, tn } = useWords();
  return (
    <Panel title={t('dead.title')} note={jobs.length === 0 ? undefined : tn('dead.count', jobs.length)}>
      {jobs.length === 0 ? (
        <p className="all-good">{t('dead.none')}</p>
      ) : (
        <ul className="dead-letters">
          {jobs.map((job) => (
            <li key={job.id}>
              <div>
                <strong>{job.kind}</strong>{' '}
                <span className="quiet">
                  {t('dead.job', { id: job.id })}, {tn('dead.tries', job.tries)}, <Ago at={job.enqueued_at} />
                </span>
                <p>{job.last_error}</p>
              </div>
              {onRevive === undefined ? null : (
                <Button
                  size="xs"
                  variant="default"
                  disabled={busy}
                  aria-label={t('dead.revive_of', { id: job.id })}
                  onClick={() => onRevive(job.id)}
                >
                  {t('dead.revive')}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
