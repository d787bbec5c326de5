import { memo, type MouseEvent } from 'react';
import { Link } from 'react-router';
import type { TipRow } from '../api/types';
import { fullMoment } from '../shared/format';
import { useLabels } from '../shared/labels';
import { useNow } from '../shared/now';
import { Chip } from '../shared/ui';
import { useWords } from '../words/words';
import { age, timeLeft } from './ages';
import { BundleChip, CompletenessBar, LevelMark, UrgentMark } from './marks';
import { mainReasons } from './rules';
import { useRuleWords } from './use_rules';

export const QUEUE_COLUMNS = ['priority', 'what', 'id', 'age', 'complete', 'claim'] as const;
const REASONS_MAX = 2;

export interface QueueRowProps {
  row: TipRow;
  index: number;
  top: number;
  active: boolean; // Reached by Tab.
  chosen: boolean; // The reader's own choice.
  fresh: boolean;
  stale: boolean;
  linked: boolean;
  mine: boolean;
  onOpen: (id: number) => void;
  onClaim: ((id: number) => void) | null;
  onFocus: () => void;
}

function Why({ rules }: { rules: readonly string[] }) {
  const { t } = useWords();
  const ruleWord = useRuleWords();
  const { shown, more } = mainReasons(rules, REASONS_MAX);
  if (shown.length === 0) return <span className="queue-why">{t('queue.no_reason')}</span>;
  return (
    <span className="queue-why" title={rules.map(ruleWord).join('\n')}>
      {shown.map(ruleWord).join(' · ')}
      {more === 0 ? null : <span className="queue-more"> {t('queue.more_reasons', { count: more })}</span>}
    </span>
  );
}

function What({ row, stale }: { row: TipRow; stale: boolean }) {
  const { t } = useWords();
  const { label } = useLabels();
  return (
    <>
      <span className="queue-kind">
        <span className="incident">{label('incident_types', row.incident_type)}</span>
        {row.bundle === null || row.bundle.reports < 2 ? null : (
          <BundleChip reports={row.bundle.reports} incidents={row.bundle.incidents} />
        )}
        {row.behind ? <Chip title={t('queue.behind_about')}>{t('queue.behind')}</Chip> : null}
        {stale ? (
          <Chip tone="warn" title={t('queue.moved_about')}>
            {t('queue.moved')}
          </Chip>
        ) : null}
      </span>
      <Why rules={row.priority.rules} />
    </>
  );
}

function Waits({ at }: { at: string }) {
  const { language } = useWords();
  const now = useNow();
  return (
    <time dateTime={at} title={fullMoment(at, language, 'UTC')}>
      {age(at, now, language)}
    </time>
  );
}

function Claim({ row, mine, onClaim }: { row: TipRow; mine: boolean; onClaim: ((id: number) => void) | null }) {
  const { t, language } = useWords();
  const now = useNow();
  if (row.claimed_by === null)
    return (
      <>
        <span className="quiet queue-nobody">{t('queue.nobody')}</span>
        {onClaim === null ? null : (
          <button
            type="button"
            tabIndex={-1}
            className="queue-claim"
            aria-label={t('queue.claim_of', { id: row.report_id })}
            onClick={(event) => {
              event.preventDefault();
              onClaim(row.report_id);
            }}
          >
            {t('queue.claim')}
          </button>
        )}
      </>
    );
  const left = row.claimed_until === null ? null : timeLeft(row.claimed_until, now, language);
  return (
    <>
      <Chip tone={mine ? 'busy' : 'plain'}>{mine ? t('queue.you') : row.claimed_by_login}</Chip>
      {left === null ? null : <span className="quiet queue-left">{t('queue.time_left', { time: left })}</span>}
    </>
  );
}

function RowView(props: QueueRowProps) {
  const { row, index, top, active, chosen, fresh, stale, linked, mine, onOpen, onClaim, onFocus } = props;
  const { t } = useWords();
  const classes = [
    'queue-row',
    chosen ? 'is-chosen' : '',
    fresh ? 'is-fresh' : '',
    stale ? 'is-stale' : '',
    row.priority.urgent ? 'is-urgent' : '',
  ];
  const click = (event: MouseEvent) => {
    if (event.defaultPrevented || (event.target instanceof Element && event.target.closest('a') !== null)) return;
    if (window.getSelection()?.toString() === '') onOpen(row.report_id);
  };
  return (
    <div
      role="row"
      className={classes.filter((one) => one !== '').join(' ')}
      style={{ transform: `translateY(${top}px)` }}
      aria-rowindex={index + 2}
      aria-selected={chosen}
      tabIndex={active ? 0 : -1}
      data-active-row={active ? '' : undefined}
      data-tip={row.report_id}
      data-level={row.priority.value}
      onFocus={onFocus}
      onClick={click}
    >
      <span role="gridcell" className="queue-cell-priority">
        <LevelMark level={row.priority.value} />
        {row.priority.urgent ? <UrgentMark /> : null}
      </span>
      <span role="gridcell" className="queue-cell-what">
        <What row={row} stale={stale} />
      </span>
      <span role="gridcell" className="queue-cell-id">
        {linked ? (
          <Link to={`/reports/${row.report_id}`} tabIndex={-1}>
            {row.report_id}
          </Link>
        ) : (
          row.report_id
        )}
        <span className="queue-platform">{row.source === 'public' ? t('list.public') : row.organisation_name}</span>
      </span>
      <span role="gridcell" className="queue-cell-age">
        <Waits at={row.received_at} />
      </span>
      <span role="gridcell" className="queue-cell-complete">
        <CompletenessBar score={row.completeness.score} />
      </span>
      <span role="gridcell" className="queue-cell-claim">
        <Claim row={row} mine={mine} onClaim={onClaim} />
      </span>
    </div>
  );
}

export const QueueRow = memo(
  RowView,
  (before, after) =>
    before.row === after.row
    && before.top === after.top
    && before.index === after.index
    && before.active === after.active
    && before.chosen === after.chosen
    && before.fresh === after.fresh
    && before.stale === after.stale
    && before.linked === after.linked
    && before.mine === after.mine
    && before.onClaim === after.onClaim
    && before.onOpen === after.onOpen,
);
