import type { ComponentType } from 'react';
import type { FileView } from '../api/types';
import { bytes } from '../shared/format';
import { useLabels } from '../shared/labels';
import { Exact } from '../shared/moment';
import { Chip, Fact, Facts, Panel } from '../shared/ui';
import { useWords } from '../words/words';

// Files are metadata here: nothing of their content is sent to this page, not even a thumbnail. Whoever may look at one asks
// for it file by file, in another room's part.
export type FilePart = ComponentType<{ report: number; file: FileView; number: number }>;

function FileItem({
  report,
  file,
  number,
  gate: Gate,
}: {
  report: number;
  file: FileView;
  number: number;
  gate: FilePart | null;
}) {
  const { t, language } = useWords();
  const { label } = useLabels();
  const declared = file.declared_type !== '' && file.declared_type !== file.sniffed_type ? file.declared_type : '';
  return (
    <li>
      <details>
        <summary>
          <span className="file-name">{t('file.number', { number })}</span>
          <span>
            {label('file_kinds', file.kind)}, {bytes(file.bytes, language)}
          </span>
          {file.supplemental ? <Chip>{t('file.supplemental')}</Chip> : null}
          {file.industry_classification === '' || file.industry_classification === undefined ? null : (
            <Chip tone="warn">{file.industry_classification}</Chip>
          )}
          {file.described ? null : <Chip tone="warn">{t('file.not_described')}</Chip>}
        </summary>
        <Facts>
          <Fact name={t('file.name')}>
            {file.name === undefined ? <span className="quiet">{t('file.name_restricted')}</span> : file.name}
          </Fact>
          <Fact name={t('file.received')}>
            <Exact at={file.received_at} />
          </Fact>
          <Fact name={t('file.type')}>
            {file.sniffed_type}
            {declared === '' ? null : <span className="attribute">{t('file.declared', { type: declared })}</span>}
          </Fact>
          <Fact name={t('file.viewed')}>{t(`answer.${file.viewed_by_esp}`)}</Fact>
          <Fact name={t('file.public')}>{t(`answer.${file.publicly_available}`)}</Fact>
          {file.industry_classification ? (
            <Fact name={t('file.classification')}>
              {label('industry_classifications', file.industry_classification)}
            </Fact>
          ) : null}
          {file.annotations.length === 0 ? null : (
            <Fact name={t('marks.annotations')}>
              {file.annotations.map((one) => (
                <Chip key={one}>{label('file_annotations', one)}</Chip>
              ))}
            </Fact>
          )}
          <Fact name={t('file.wire_id')}>
            <code className="digest">{file.wire_id}</code>
          </Fact>
          <Fact name="MD5">
            <code className="digest">{file.md5}</code>
          </Fact>
          <Fact name="SHA-1">
            <code className="digest">{file.sha1}</code>
          </Fact>
          <Fact name="SHA-256">
            <code className="digest">{file.sha256}</code>
          </Fact>
        </Facts>
        {Gate === null ? null : <Gate report={report} file={file} number={number} />}
      </details>
    </li>
  );
}

export function FilesPanel({
  report,
  files,
  gate,
}: {
  report: number;
  files: readonly FileView[];
  gate: FilePart | null;
}) {
  const { t, tn } = useWords();
  return (
    <Panel title={t('files.title')} note={files.length === 0 ? undefined : tn('files.count', files.length)}>
      {files.length === 0 ? (
        <p className="quiet">{t('files.none')}</p>
      ) : (
        <>
          <p className="quiet">{t('files.about')}</p>
          <ul className="files">
            {files.map((file, index) => (
              <FileItem key={file.id} report={report} file={file} number={index + 1} gate={gate} />
            ))}
          </ul>
        </>
      )}
    </Panel>
  );
}
