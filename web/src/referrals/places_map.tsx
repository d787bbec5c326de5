import { lazy, Suspense, useMemo, useRef, useState } from 'react';
import type { PlaceReason, RoutingDecision } from '../api/types';
import { humanise } from '../shared/format';
import { useLabels, type Labels } from '../shared/labels';
import { Chip, Waiting } from '../shared/ui';
import { useWords } from '../words/words';
import { nowhereOf, placesOf, pointFrom, viewOf, type MarkedPlace, type Standing } from './map_places';
import { MarkShape } from './map_shapes';
import './map.css';

const WorldMap = lazy(() => import('./world_map'));
const UsMap = lazy(() => import('./us_map'));

const TONES = { primary: 'good', also: 'calm', none: 'warn' } as const;

function Sign({ standing }: { standing: Standing }) {
  return (
    <svg className="map-sign" viewBox="-13 -13 26 26" width="18" height="18" aria-hidden>
      <MarkShape standing={standing} radius={9} />
    </svg>
  );
}

// Regions are those of the home country, which the profile lists.
function whereIs(labels: Labels, country: string, region: string) {
  const state = country === 'US' && region !== '' ? pointFrom(labels.mapped('states', region, 'place')) : null;
  return state ?? pointFrom(labels.mapped('countries', country, 'place'));
}

function useNames(labels: Labels) {
  const { language } = useWords();
  return useMemo(() => {
    const regions = new Intl.DisplayNames(language, { type: 'region', fallback: 'code' });
    return ({ country, region }: { country: string; region: string }) => {
      const name = /^[A-Z]{2}$/.test(country) ? (regions.of(country) ?? country) : country;
      if (region === '') return name;
      return country === 'US' ? labels.label('states', region) : `${name} (${region})`;
    };
  }, [labels, language]);
}

function PlacesTable({
  places,
  nameOf,
  active,
  onActive,
  rows,
}: {
  places: readonly MarkedPlace[];
  nameOf: (place: MarkedPlace) => string;
  active: number;
  onActive: (number: number) => void;
  rows: Map<number, HTMLTableRowElement>;
}) {
  const { t, find } = useWords();
  return (
    <div className="table-frame" tabIndex={0} role="group" aria-label={t('routing.candidates')}>
      <table className="table map-table">
        <thead>
          <tr>
            <th scope="col">{t('map.number')}</th>
            <th scope="col">{t('routing.evidence.place')}</th>
            <th scope="col">{t('routing.evidence.whose')}</th>
            <th scope="col">{t('routing.evidence.weight')}</th>
            <th scope="col">{t('routing.evidence.kind')}</th>
            <th scope="col">{t('map.leads_to')}</th>
          </tr>
        </thead>
        <tbody>
          {places.map((place) => (
            <tr
              key={place.number}
              ref={(row) => {
                if (row === null) rows.delete(place.number);
                else rows.set(place.number, row);
              }}
              tabIndex={-1}
              className={active === place.number ? 'map-row-active' : undefined}
              onPointerEnter={() => onActive(place.number)}
            >
              <td>{place.number}</td>
              <th scope="row">
                {nameOf(place)}{' '}
                <span className="quiet">
                  {place.region === '' ? place.country : `${place.country}-${place.region}`}
                  {place.point === null ? `, ${t('map.not_on_it')}` : null}
                </span>
              </th>
              <td>{place.whose.map((one) => find(`place_of.${one}`) ?? one).join(', ')}</td>
              <td>
                <span aria-hidden>{place.weight}</span>
                <span
                  className="routing-bar"
                  role="img"
                  aria-label={t('routing.weight', { weight: place.weight })}
                  title={t('routing.weight', { weight: place.weight })}
                >
                  <span style={{ width: `${place.weight}%` }} />
                </span>
              </td>
              <td>{place.kinds.map((kind) => find(`evidence.${kind}`) ?? humanise(kind)).join(', ')}</td>
              <td>
                <span className="map-standing">
                  <Sign standing={place.standing} />{' '}
                  <Chip tone={TONES[place.standing]}>{t(`map.standing.${place.standing}`)}</Chip>
                </span>{' '}
                {place.agencies.join(', ')}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Nowhere({ evidence }: { evidence: readonly PlaceReason[] }) {
  const { t, find } = useWords();
  if (evidence.length === 0) return null;
  return (
    <section className="map-nowhere" aria-label={t('map.nowhere')}>
      <h3>{t('map.nowhere')}</h3>
      <ul>
        {evidence.map((one, index) => (
          <li key={index}>
            {find(`evidence.${one.kind}`) ?? humanise(one.kind)}:{' '}
            {one.notes.length === 0
              ? t('map.no_reason')
              : one.notes.map((note) => find(`evidence_note.${note}`) ?? humanise(note)).join(', ')}{' '}
            <span className="quiet">{one.where}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

// The places that evidence leads to, on a map and, saying the same, in a table; below, what leads nowhere and why.
export function PlacesMap({ decision }: { decision: RoutingDecision }) {
  const { t } = useWords();
  const labels = useLabels();
  const nameOf = useNames(labels);
  const places = useMemo(
    () => placesOf(decision, (country, region) => whereIs(labels, country, region)),
    [decision, labels],
  );
  const [active, setActive] = useState(0);
  const rows = useRef(new Map<number, HTMLTableRowElement>());
  const TheMap = viewOf(places) === 'us' ? UsMap : WorldMap;
  const standings = (['primary', 'also', 'none'] as const).filter((one) =>
    places.some((place) => place.standing === one),
  );
  return (
    <>
      {places.length === 0 ? null : (
        <div className="map-and-table">
          {places.every((place) => place.point === null) ? null : (
            <figure className="map">
              <Suspense fallback={<Waiting />}>
                <TheMap
                  places={places}
                  nameOf={nameOf}
                  active={active}
                  onActive={setActive}
                  onChoose={(number) => {
                    setActive(number);
                    rows.current.get(number)?.focus();
                  }}
                />
              </Suspense>
              <figcaption>
                {standings.map((one) => (
                  <span key={one}>
                    <Sign standing={one} /> {t(`map.standing.${one}`)}
                  </span>
                ))}
                <span className="quiet">{t('map.about')}</span>
              </figcaption>
            </figure>
          )}
          <PlacesTable places={places} nameOf={nameOf} active={active} onActive={setActive} rows={rows.current} />
        </div>
      )}
      <Nowhere evidence={nowhereOf(decision)} />
    </>
  );
}
