import type { Standing } from './map_places';

// What a place leads to is told by the shape, not by the colour alone: a diamond for the first agency, a disc for another one,
// a dashed square for none.
export function MarkShape({ standing, radius }: { standing: Standing; radius: number }) {
  if (standing === 'primary') {
    const reach = Math.round(radius * 1.3);
    return <path className="map-shape map-primary" d={`M0 ${-reach}L${reach} 0L0 ${reach}L${-reach} 0Z`} />;
  }
  if (standing === 'also') return <circle className="map-shape map-also" r={radius} />;
  return <rect className="map-shape map-none" x={-radius} y={-radius} width={2 * radius} height={2 * radius} />;
}
