import { memo, type MouseEvent } from 'react';
import { Link } from 'react-router';
import type { ReportRow } from '../api/types';
import { useLabels } from '../shared/labels';
import { Ago } from '../shared/moment';
import { Chip } from '../shared/ui';
import { useWords } from '../words/words';
import { StateChip } from './state_chip';

export const ROW_COLUMNS = ['id', 'incident', 'organisation', 'state', 'received', 'files', 'findings'] as const;

interface RowProps {
  row: ReportRow;
  index: number;
  top: number;
  active: boolean; // Reached by Tab.
  chosen: boolean; // The reader's own choice.
  fresh: boolean;
  linked: boolean;
  onOpen: (id: number) => void;
  onFocus: () => void;
}

function Flags({ row }: { row: ReportRow }) {
  const { t } = useWords();
  return (
    <>
      {row.urgent ? <Chip tone="bad">{t('flag.urgent')}</Chip> : null}
      {row.batched ? (
        <Chip tone="calm" title={t('flag.batched_about')}>
          {t('flag.batched')}
        </Chip>
      ) : null}
      {row.same_bytes_as === null ? null : (
        <Chip title={t('flag.repeat_about', { id: row.same_bytes_as })}>{t('flag.repeat')}</Chip>
      )}
      {row.test ? <Chip>{t('flag.test')}</Chip> : null}
    </>
  );
}

function RowView({ row, index, top, active, chosen, fresh, linked, onOpen, onFocus }: RowProps) {
  const { t } = useWords();
  const { label } = useLabels();
  const classes = ['report-row', chosen ? 'is-chosen' : '', fresh ? 'is-fresh' : '', row.urgent ? 'is-urgent' : '']
    .filter((one) => one !== '')
    .join(' ');
  const click = (event: MouseEvent) => {
    if (event.defaultPrevented || (event.target instanceof Element && event.target.closest('a') !== null)) return;
    if (window.getSelection()?.toString() === '') onOpen(row.id);
  };
  return (
    <div
      role="row"
      className={classes}
      style={{ transform: `translateY(${top}px)` }}
      aria-rowindex={index + 2}
      aria-selected={chosen}
      tabIndex={active ? 0 : -1}
      data-active-row={active ? '' : undefined}
      data-report={row.id}
      onFocus={onFocus}
      onClick={click}
    >
      <span role="gridcell" className="cell-id">
        {linked ? (
          <Link to={`/reports/${row.id}`} tabIndex={-1}>
            {row.id}
          </Link>
        ) : (
          row.id
        )}
      </span>
      <span role="gridcell" className="cell-incident">
        <span className="incident">{label('incident_types', row.incident_type)}</span> <Flags row={row} />
      </span>
      <span role="gridcell" className="cell-organisation">
        {row.source === 'public' ? t('list.public') : row.organisation_name}
      </span>
      <span role="gridcell" className="cell-state">
        <StateChip state={row.state} />
      </span>
      <span role="gridcell" className="cell-received">
        <Ago at={row.received_at} />
      </span>
      <span role="gridcell" className="cell-files">
        <span className="unit">{t('column.files')} </span>
        {row.files}
      </span>
      <span role="gridcell" className="cell-findings">
        <span className="unit">{t('column.findings')} </span>
        {row.findings}
      </span>
    </div>
  );
}

export const ReportListRow = memo(
  RowView,
  (before, after) =>
    before.row === after.row
    && before.top === after.top
    && before.index === after.index
    && before.active === after.active
    && before.chosen === after.chosen
    && before.fresh === after.fresh
    && before.linked === after.linked
    && before.onOpen === after.onOpen,
);
