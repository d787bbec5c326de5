// Goal: every place of the evidence is one mark with its weight and what it leads to, what leads nowhere is kept apart, and the
// map shows what matters.
import { describe, expect, it } from 'vitest';
import type { RoutingDecision } from '../api/types';
import { sidesOfNames, nowhereOf, placesOf, pointFrom, radiusOf, viewOf, zoomed, zoomTo } from './map_places';

const HERE = { latitude: 40, longitude: -83 };
const reason = (kind: string, country = '', region = '') => ({ kind, country, region, notes: [], weight: 0 });
const candidate = (country: string, region: string, weight: number, evidence: number[], whose = 'suspect') => ({
  country,
  region,
  weight,
  evidence,
  whose,
});

const DECISION = {
  evidence: [reason('upload_ip', 'US', 'OH'), reason('phone', 'US', 'OH'), reason('far_ip'), reason('school', 'NO')],
  candidates: [
    candidate('US', 'OH', 80, [0]),
    candidate('NO', '', 40, [3], 'victim'),
    candidate('US', 'OH', 30, [1], 'victim'),
  ],
  proposed: [
    { agency: 'oh', agency_name: 'Ohio (example)', primary: true, candidates: [0] },
    { agency: 'no', agency_name: 'Norway (example)', primary: false, candidates: [1] },
  ],
} as unknown as RoutingDecision;

const places = (decision: RoutingDecision = DECISION) => placesOf(decision, () => HERE);

describe('placesOf', () => {
  it('makes one mark of a place, whoever it is for', () => {
    const [ohio, norway, ...more] = places();
    expect(more).toEqual([]);
    expect(ohio).toMatchObject({ number: 1, region: 'OH', weight: 80, whose: ['suspect', 'victim'] });
    expect(ohio?.kinds).toEqual(['upload_ip', 'phone']);
    expect(norway).toMatchObject({ number: 2, country: 'NO', standing: 'also', agencies: ['Norway (example)'] });
  });
  it('says which place the first agency is for, and which none serves', () => {
    expect(places()[0]?.standing).toBe('primary');
    expect(places({ ...DECISION, proposed: [] }).map((one) => one.standing)).toEqual(['none', 'none']);
  });
  it('keeps a place that nobody can put on a map', () => {
    expect(placesOf(DECISION, () => null).map((one) => one.point)).toEqual([null, null]);
  });
});

describe('what leads nowhere', () => {
  it('is the evidence without a country', () => {
    expect(nowhereOf(DECISION).map((one) => one.kind)).toEqual(['far_ip']);
  });
});

describe('pointFrom', () => {
  it('reads latitude and longitude', () => {
    expect(pointFrom('40.3 -82.8')).toEqual({ latitude: 40.3, longitude: -82.8 });
  });
  it('takes nothing else', () => {
    for (const text of [undefined, '', '40.3', '40.3 x', '91 0', '0 181', '1 2 3']) expect(pointFrom(text)).toBeNull();
  });
});

describe('viewOf', () => {
  const at = (country: string, region: string) => ({ ...places()[0]!, country, region });
  it('is the states when all is there', () => {
    expect(viewOf([at('US', 'OH'), at('US', '')])).toBe('us');
  });
  it('is the world otherwise', () => {
    expect(viewOf([at('US', 'OH'), at('NO', '')])).toBe('world');
    expect(viewOf([at('US', 'PR')])).toBe('world');
    expect(viewOf([])).toBe('world');
    expect(viewOf([at('US', 'OH'), { ...at('NO', ''), point: null }])).toBe('us');
  });
});

describe('the zoom', () => {
  it('brings all spots inside with their margin', () => {
    const spots = [
      { x: 300, y: 100 },
      { x: 340, y: 120 },
    ];
    const zoom = zoomTo(spots, 640, 320, 60);
    expect(zoom.scale).toBeGreaterThan(3);
    for (const spot of spots.map((one) => zoomed(one, zoom))) {
      expect(spot.x).toBeGreaterThanOrEqual(60);
      expect(spot.x).toBeLessThanOrEqual(580);
      expect(spot.y).toBeGreaterThanOrEqual(60);
      expect(spot.y).toBeLessThanOrEqual(260);
    }
  });
  it('never shows what is beyond the map, nor less than the whole', () => {
    const corner = zoomTo([{ x: 0, y: 0 }], 640, 320, 60);
    expect(corner).toMatchObject({ x: 0, y: 0 });
    const far = zoomTo(
      [
        { x: 0, y: 0 },
        { x: 640, y: 320 },
      ],
      640,
      320,
      60,
    );
    expect(far).toEqual({ scale: 1, x: 0, y: 0 });
    expect(zoomTo([], 640, 320, 60).scale).toBe(1);
  });
});

describe('marks', () => {
  it('grow with the weight and stay large enough to be pressed', () => {
    expect(radiusOf(0)).toBe(9);
    expect(radiusOf(99)).toBe(18);
    expect(radiusOf(50)).toBeGreaterThan(radiusOf(20));
  });
  it('have their name beside them where there is room', () => {
    const mark = (x: number, y: number) => ({ x, y, radius: 10, text: 'Ohio' });
    expect(sidesOfNames([mark(100, 100), mark(300, 100)], 640)).toEqual(['right', 'right']);
    expect(sidesOfNames([mark(100, 100), mark(125, 102)], 640)).toEqual(['left', 'right']);
    expect(sidesOfNames([mark(20, 100), mark(45, 102)], 640)).toEqual([null, 'right']);
    expect(sidesOfNames([mark(100, 100), mark(100, 100), mark(100, 100)], 640)).toEqual(['right', 'left', null]);
    expect(sidesOfNames([mark(620, 100)], 640)).toEqual(['left']);
  });
});
