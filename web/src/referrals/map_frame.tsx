import { useElementSize } from '@mantine/hooks';
import type { KeyboardEvent, ReactNode } from 'react';
import { useWords } from '../words/words';
import type { MarkedPlace, Point, Spot, Zoom } from './map_places';
import { GAP, radiusOf, sidesOfNames, zoomed, zoomTo, type Side } from './map_places';
import { MarkShape } from './map_shapes';

export interface MapProps {
  places: readonly MarkedPlace[];
  nameOf: (place: MarkedPlace) => string;
  active: number;
  onActive: (number: number) => void;
  onChoose: (number: number) => void; // Pressed: its row of the table, please.
}

// A drawing of a map of that size, in pixels.
export interface Drawing {
  spotOf: (point: Point) => Spot | null;
  land: string; // A path.
  zooms: boolean; // To the places; else all of it is shown.
}

const HEIGHT_OF_WIDTH = 0.56;
const MARGIN = 60;
const PLACED = (place: MarkedPlace): place is MarkedPlace & { point: Point } => place.point !== null;

function Mark({
  place,
  spot,
  name,
  side,
  ...map
}: MapProps & { place: MarkedPlace; spot: Spot; name: string; side: Side | null }) {
  const { t, find } = useWords();
  const radius = radiusOf(place.weight);
  const text = t('map.mark', {
    number: place.number,
    place: name,
    weight: place.weight,
    whose: place.whose.map((one) => find(`place_of.${one}`) ?? one).join(', '),
    standing: t(`map.standing.${place.standing}`),
  });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    map.onChoose(place.number);
  };
  return (
    <g
      className={map.active === place.number ? 'map-mark map-mark-active' : 'map-mark'}
      transform={`translate(${spot.x} ${spot.y})`}
      role="button"
      tabIndex={0}
      aria-label={text}
      onFocus={() => map.onActive(place.number)}
      onPointerEnter={() => map.onActive(place.number)}
      onClick={() => map.onChoose(place.number)}
      onKeyDown={onKeyDown}
    >
      <title>{text}</title>
      <MarkShape standing={place.standing} radius={radius} />
      <text className="map-number" textAnchor="middle" dominantBaseline="central" aria-hidden>
        {place.number}
      </text>
      {side !== null ? (
        <text
          className="map-name"
          x={side === 'right' ? radius + GAP : -radius - GAP}
          textAnchor={side === 'right' ? 'start' : 'end'}
          dominantBaseline="central"
          aria-hidden
        >
          {name}
        </text>
      ) : null}
    </g>
  );
}

function Marks({ drawing, zoom, width, ...map }: MapProps & { drawing: Drawing; zoom: Zoom; width: number }) {
  const marks = map.places.filter(PLACED).flatMap((place) => {
    const spot = drawing.spotOf(place.point);
    return spot === null ? [] : [{ place, spot: zoomed(spot, zoom), name: map.nameOf(place) }];
  });
  const sides = sidesOfNames(
    marks.map(({ place, spot, name }) => ({ ...spot, radius: radiusOf(place.weight), text: name })),
    width,
  );
  // The heaviest last, so that it lies on top.
  return [...marks.entries()]
    .reverse()
    .map(([index, { place, spot, name }]) => (
      <Mark key={place.number} {...map} place={place} spot={spot} name={name} side={sides[index] ?? null} />
    ));
}

// A map drawn from its own outlines: nothing is fetched from anywhere else, and nothing tells anybody which place is looked at.
export function MapFrame({ draw, ...map }: MapProps & { draw: (width: number, height: number) => Drawing }): ReactNode {
  const { t } = useWords();
  const { ref, width } = useElementSize<HTMLDivElement>();
  const height = Math.round(width * HEIGHT_OF_WIDTH);
  const drawing = width > 0 ? draw(width, height) : null;
  const spots = drawing === null ? [] : map.places.filter(PLACED).flatMap(({ point }) => drawing.spotOf(point) ?? []);
  const zoom = zoomTo(drawing?.zooms === true ? spots : [], width, height, Math.min(MARGIN, width / 6));
  return (
    <div className="map-frame" ref={ref}>
      {drawing === null ? null : (
        <svg viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="group" aria-label={t('map.title')}>
          <g transform={`translate(${zoom.x} ${zoom.y}) scale(${zoom.scale})`} aria-hidden>
            <path className="map-land" d={drawing.land} vectorEffect="non-scaling-stroke" />
          </g>
          <Marks {...map} drawing={drawing} zoom={zoom} width={width} />
        </svg>
      )}
    </div>
  );
}
