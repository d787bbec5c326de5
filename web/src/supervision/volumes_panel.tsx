import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { PlatformVolume, Throttle } from '../api/types';
import { count } from '../shared/format';
import { useLiveEvents } from '../shared/live_context';
import type { LiveEvent } from '../shared/live_stream';
import { Exact } from '../shared/moment';
import { PlainTable } from '../shared/plain_table';
import { Chip, Loaded, Panel } from '../shared/ui';
import { useWords } from '../words/words';
import { throttlesQuery, volumesQuery } from './queries';
import './supervision.css';
import { ThrottleButton, ThrottlesPanel } from './throttling';

const NOTHING = () => undefined;
const HEIGHT = 24;
const BAR = 8;

// The numbers beside it are the content; the bars help the eye.
function Days({ volume }: { volume: PlatformVolume }) {
  const most = Math.max(1, ...volume.days);
  return (
    <svg className="volume-days" viewBox={`0 0 ${volume.days.length * BAR} ${HEIGHT}`} aria-hidden="true">
      {volume.days.map((reports, index) => {
        const height = (reports / most) * (HEIGHT - 1);
        const today = index === volume.days.length - 1;
        return (
          <rect
            key={index}
            className={today ? 'day day-today' : 'day'}
            x={index * BAR}
            y={HEIGHT - height}
            width={BAR - 2}
            height={height}
          />
        );
      })}
    </svg>
  );
}

function ThrottleCell({ volume, throttles }: { volume: PlatformVolume; throttles: readonly Throttle[] | undefined }) {
  const { t } = useWords();
  if (throttles === undefined) return null; // Nobody knows yet.
  const holds = throttles.find((one) => one.organisation === volume.organisation && one.ended_at === null);
  // The public is not one sender.
  if (volume.organisation === 0) return null;
  if (holds === undefined) return <ThrottleButton organisation={volume.organisation} name={volume.organisation_name} />;
  return (
    <>
      <Chip tone="warn">{t('throttle.behind')}</Chip> <Exact at={holds.until} />
    </>
  );
}

// Who sends how much: a flood is seen while it comes, and kept from touching others.
export function VolumesPanel() {
  const { t, tn, language } = useWords();
  const query = useQuery(volumesQuery);
  const throttles = useQuery(throttlesQuery);
  const { refetch } = throttles;
  const onEvent = useCallback(
    (event: LiveEvent) => {
      if (event.kind === 'triage.sender_followed') void refetch();
    },
    [refetch],
  );
  useLiveEvents(onEvent, NOTHING);
  return (
    <>
      <Panel title={t('watch.volumes')} note={t('watch.volumes_about')}>
        <Loaded query={query}>
          {({ items, others }) =>
            items.length === 0 ? (
              <p className="quiet">{t('watch.nothing')}</p>
            ) : (
              <>
                <PlainTable
                  label={t('watch.volumes')}
                  head={[t('inbox.from'), t('watch.today'), t('watch.usual'), t('watch.days'), t('throttle.act')]}
                  keys={items.map((one) => one.organisation)}
                  rows={items.map((one) => [
                    <>
                      {one.organisation === 0 ? t('list.public') : one.organisation_name}{' '}
                      {one.unusual ? <Chip tone="warn">{t('watch.unusual')}</Chip> : null}
                    </>,
                    count(one.today, language),
                    count(one.usual, language),
                    <Days volume={one} />,
                    <ThrottleCell key={one.organisation} volume={one} throttles={throttles.data?.items} />,
                  ])}
                />
                {others === 0 ? null : <p className="quiet">{tn('watch.volume_others', others)}</p>}
              </>
            )
          }
        </Loaded>
      </Panel>
      <Loaded query={throttles}>{({ items }) => <ThrottlesPanel throttles={items} />}</Loaded>
    </>
  );
}
