import { useMemo, useState, type ReactNode } from 'react';
import type { ReportDetail, ReportState } from '../api/types';
import { useLabels } from '../shared/labels';
import { Ago, Exact } from '../shared/moment';
import { useMay } from '../shared/session_context';
import { Chip, Panel } from '../shared/ui';
import { useWords } from '../words/words';
import { DocumentTree } from './document_tree';
import { domIdOf, findNode, isDocumentNode, readTree } from './document_paths';
import { FilesPanel, type FilePart } from './files_panel';
import { FindingsPanel, MarksPanel, ReceiptPanel, TimelinePanel } from './found_panels';
import { StateChip } from './state_chip';

interface ReportViewProps {
  detail: ReportDetail;
  purpose: string;
  picker: ReactNode;
  state: ReportState; // As it is now; the detail is as it was read.
  judgement: ReactNode;
  gate: FilePart | null;
  trail: ReactNode;
}

function Summary({ detail, state }: { detail: ReportDetail; state: ReportState }) {
  const { t } = useWords();
  const { label } = useLabels();
  const { report } = detail;
  return (
    <div className="summary">
      <p className="summary-what">{label('incident_types', report.incident_type)}</p>
      <p className="summary-facts">
        <StateChip state={state} />
        {report.urgent ? <Chip tone="bad">{t('flag.urgent')}</Chip> : null}
        {report.batched ? <Chip tone="calm">{t('flag.batched')}</Chip> : null}
        {report.test ? <Chip>{t('flag.test')}</Chip> : null}
        <span>
          {report.source === 'public' ? t('report.from_public') : t('report.from', { name: report.organisation_name })}
        </span>
        <span>
          {t('report.received')} <Ago at={report.received_at} />
        </span>
        <span>
          {t('report.incident_at')} <Exact at={report.incident_at} />
        </span>
      </p>
    </div>
  );
}

function Submitted({ detail, purpose, marked }: { detail: ReportDetail; purpose: string; marked: string }) {
  const { t } = useWords();
  const mayReadOriginal = useMay('readOriginal');
  const { document } = detail;
  const root = useMemo(() => (isDocumentNode(document) ? readTree(document) : null), [document]);
  const original = mayReadOriginal ? (
    <a
      href={`/api/v1/reports/${detail.report.id}/original?purpose=${encodeURIComponent(purpose)}`}
      download={`report-${detail.report.id}.xml`}
    >
      {t('document.original')}
    </a>
  ) : undefined;
  return (
    <Panel title={t('document.title')} note={t('document.about')} actions={original}>
      {root !== null ? (
        <DocumentTree root={root} marked={marked} />
      ) : (
        <p className="quiet">{document === null ? t('document.purged') : t('document.hidden')}</p>
      )}
    </Panel>
  );
}

export function ReportView({ detail, purpose, picker, state, judgement, gate, trail }: ReportViewProps) {
  const [marked, setMarked] = useState('');
  const show = (path: string) => {
    const node = isDocumentNode(detail.document) ? findNode(readTree(detail.document), path) : null;
    if (node === null) return;
    setMarked(node.path);
    const element = document.getElementById(domIdOf(node.path));
    for (let parent = element; parent !== null; parent = parent.parentElement) {
      if (parent instanceof HTMLDetailsElement) parent.open = true;
    }
    element?.scrollIntoView({ block: 'center' });
  };
  return (
    <>
      <div className="report-top">
        <Summary detail={detail} state={state} />
        {picker}
      </div>
      {judgement}
      <div className="report-columns">
        <div>
          <Submitted detail={detail} purpose={purpose} marked={marked} />
        </div>
        <div>
          <FindingsPanel findings={detail.receipt.findings} onShow={show} />
          <MarksPanel detail={detail} />
          <FilesPanel report={detail.report.id} files={detail.files} gate={gate} />
          <ReceiptPanel receipt={detail.receipt} />
          <TimelinePanel timeline={detail.timeline} />
          {trail}
        </div>
      </div>
    </>
  );
}
