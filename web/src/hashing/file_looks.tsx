import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { Link } from 'react-router';
import type { FileView, NearPicture, ReportedPicture } from '../api/types';
import { useLiveEvents } from '../shared/live_context';
import type { LiveEvent } from '../shared/live_stream';
import { useWords } from '../words/words';
import { nearnessOf, troubleOf } from './nearness';
import { picturesQuery } from './queries';
import './hashing.css';

function NearReport({ near }: { near: NearPicture }) {
  const { t } = useWords();
  return (
    <li>
      <Link to={`/reports/${near.report_id}`}>{near.report_id}</Link>{' '}
      <span className="quiet">{t(`looks.${nearnessOf(near)}`)}</span>
    </li>
  );
}

function Alike({ picture, number }: { picture: ReportedPicture; number: number }) {
  const { t, tn } = useWords();
  if (picture.alike_files === 0) return <p className="quiet">{t('looks.alone')}</p>;
  if (picture.near.length === 0) return <p>{tn('looks.alike_here', picture.alike_files)}</p>;
  return (
    <>
      <p>{tn('looks.alike', picture.alike_files)}</p>
      <ul className="near-reports" aria-label={t('looks.reports_of', { number })}>
        {picture.near.map((near) => (
          <NearReport key={near.report_id} near={near} />
        ))}
      </ul>
    </>
  );
}

// Which other reports have a picture that looks like this file, found without anybody looking.
export function FileLooks({ report, file, number }: { report: number; file: FileView; number: number }) {
  const { t } = useWords();
  const queries = useQueryClient();
  const { queryKey } = picturesQuery(report);
  useLiveEvents(
    useCallback(
      (event: LiveEvent) => {
        if (event.subject === report && event.kind === 'hashing.looks_alike')
          void queries.invalidateQueries({ queryKey: ['pictures', report] });
      },
      [queries, report],
    ),
    useCallback(() => void queries.invalidateQueries({ queryKey }), [queries, queryKey]),
  );
  const picture = useQuery(picturesQuery(report)).data?.items.find((one) => one.file === file.id);
  if (picture === undefined) return null;
  const trouble = troubleOf(picture);
  return (
    <div className="file-looks">
      {trouble === null ? null : <p className="quiet">{t(`looks.trouble.${trouble}`)}</p>}
      {picture.compared ? <Alike picture={picture} number={number} /> : null}
    </div>
  );
}
