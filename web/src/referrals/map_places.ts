import type { PlaceReason, RoutingDecision } from '../api/types';

// What the map of places shows, without a browser: which places, where, how heavy, and what they lead to.

export interface Point {
  latitude: number;
  longitude: number;
}

// "40.3 -82.8", as the profile has it.
export function pointFrom(text: string | undefined): Point | null {
  const parts = (text ?? '').split(' ').map(Number);
  const [latitude, longitude] = parts;
  if (parts.length !== 2 || latitude === undefined || longitude === undefined) return null;
  if (!Number.isFinite(latitude) || !Number.isFinite(longitude)) return null;
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) return null;
  return { latitude, longitude };
}

// Leads to the first agency, to another one, or to none that serves it.
export type Standing = 'primary' | 'also' | 'none';

export interface MarkedPlace {
  number: number; // As on the map and in the table, from 1.
  country: string;
  region: string;
  whose: string[];
  weight: number; // The heaviest of those it is for.
  kinds: string[]; // Of evidence.
  standing: Standing;
  agencies: string[]; // Names.
  point: Point | null; // Null: known by name only.
}

type WhereIs = (country: string, region: string) => Point | null;

function union(one: readonly string[], other: readonly string[]): string[] {
  return [...new Set([...one, ...other])];
}

const STANDINGS: readonly Standing[] = ['primary', 'also', 'none'];

function stronger(one: Standing, other: Standing): Standing {
  return STANDINGS.indexOf(one) <= STANDINGS.indexOf(other) ? one : other;
}

// One mark for each place, whoever it is for, heaviest first as the candidates are.
export function placesOf(decision: RoutingDecision, whereIs: WhereIs): MarkedPlace[] {
  const places = new Map<string, MarkedPlace>();
  decision.candidates.forEach((candidate, index) => {
    const choices = decision.proposed.filter((choice) => choice.candidates.includes(index));
    const standing = choices.some((one) => one.primary) ? 'primary' : choices.length > 0 ? 'also' : 'none';
    const kinds = candidate.evidence
      .map((number) => decision.evidence[number]?.kind ?? '')
      .filter((kind) => kind !== '');
    const agencies = choices.map((one) => one.agency_name);
    const key = `${candidate.country}-${candidate.region}`;
    const known = places.get(key);
    places.set(key, {
      number: known?.number ?? places.size + 1,
      country: candidate.country,
      region: candidate.region,
      whose: union(known?.whose ?? [], [candidate.whose]),
      weight: Math.max(known?.weight ?? 0, candidate.weight),
      kinds: union(known?.kinds ?? [], kinds),
      standing: stronger(known?.standing ?? 'none', standing),
      agencies: union(known?.agencies ?? [], agencies),
      point: whereIs(candidate.country, candidate.region),
    });
  });
  return [...places.values()];
}

export function nowhereOf(decision: RoutingDecision): PlaceReason[] {
  return decision.evidence.filter((one) => one.country === '');
}

export type MapView = 'us' | 'world';

// The states can be told apart only on a map of their own.
export function viewOf(places: readonly MarkedPlace[]): MapView {
  const marked = places.filter((place) => place.point !== null);
  const onMap = (place: MarkedPlace) => place.country === 'US' && !OFF_THE_MAP.includes(place.region);
  return marked.length > 0 && marked.every(onMap) ? 'us' : 'world';
}

// Parts of the United States that a map of its fifty states does not have.
const OFF_THE_MAP: readonly string[] = ['AS', 'GU', 'MP', 'PR', 'VI'];

// Pixels. The area grows with the weight, and the lightest can still be seen and pressed.
export function radiusOf(weight: number): number {
  return Math.round(9 + 9 * Math.sqrt(Math.min(99, Math.max(0, weight)) / 99));
}

export interface Spot {
  x: number;
  y: number;
}

export interface Zoom extends Spot {
  scale: number;
}

const ZOOM_MAX = 6;

// Shows all the spots of a map of that size, with `margin` around them, as large as that goes; never beyond the map's edge.
export function zoomTo(spots: readonly Spot[], width: number, height: number, margin: number): Zoom {
  if (spots.length === 0) return { scale: 1, x: 0, y: 0 };
  const xs = spots.map((spot) => spot.x);
  const ys = spots.map((spot) => spot.y);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const across = (width - 2 * margin) / Math.max(right - left, 1);
  const down = (height - 2 * margin) / Math.max(bottom - top, 1);
  const scale = Math.max(1, Math.min(ZOOM_MAX, across, down));
  const shift = (middle: number, size: number) => Math.min(0, Math.max(size - size * scale, size / 2 - middle * scale));
  return { scale, x: shift((left + right) / 2, width), y: shift((top + bottom) / 2, height) };
}

export function zoomed(spot: Spot, zoom: Zoom): Spot {
  return { x: spot.x * zoom.scale + zoom.x, y: spot.y * zoom.scale + zoom.y };
}

export interface Labelled extends Spot {
  radius: number;
  text: string;
}

const LETTER = 7.5; // Pixels, about, at the map's size of letters.
const LINE = 16;
export const GAP = 7; // Between a mark, which may be a diamond, and its name.

export type Side = 'right' | 'left';

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

function apart(one: Box, other: Box): boolean {
  return other.right < one.left || other.left > one.right || other.bottom < one.top || other.top > one.bottom;
}

// On which side of its mark each name has room: heavier ones first, none over another mark or name, none beyond the edge. The
// number inside a mark is always there, and the table has every name.
export function sidesOfNames(marks: readonly Labelled[], width: number): (Side | null)[] {
  const taken: Box[] = marks.map(({ x, y, radius }) => ({
    left: x - radius,
    right: x + radius,
    top: y - radius,
    bottom: y + radius,
  }));
  return marks.map(({ x, y, radius, text }, index) => {
    const reach = radius + GAP + text.length * LETTER;
    const rows = { top: y - LINE / 2, bottom: y + LINE / 2 };
    const boxes: [Side, Box][] = [
      ['right', { left: x + radius + 1, right: x + reach, ...rows }],
      ['left', { left: x - reach, right: x - radius - 1, ...rows }],
    ];
    for (const [side, box] of boxes) {
      if (box.left < 0 || box.right > width) continue;
      if (!taken.every((other, place) => place === index || apart(box, other))) continue;
      taken.push(box);
      return side;
    }
    return null;
  });
}
