import { geoAlbersUsa, geoPath } from 'd3-geo';
import { feature } from 'topojson-client';
import type { Topology } from 'topojson-specification';
import states from 'us-atlas/states-10m.json';
import { MapFrame, type Drawing, type MapProps } from './map_frame';

// The states, from the Census Bureau, which is in the public domain; Alaska and Hawaii beside the others. A chunk of its own.
const topology = states as unknown as Topology;
const outlines = feature(topology, topology.objects['states']!);

function draw(width: number, height: number): Drawing {
  const margin = 12;
  const inside: [[number, number], [number, number]] = [
    [margin, margin],
    [width - margin, height - margin],
  ];
  const projection = geoAlbersUsa().fitExtent(inside, outlines);
  return {
    zooms: false,
    land: geoPath(projection)(outlines) ?? '',
    spotOf: ({ latitude, longitude }) => {
      const spot = projection([longitude, latitude]);
      return spot === null ? null : { x: spot[0], y: spot[1] };
    },
  };
}

export default function UsMap(props: MapProps) {
  return <MapFrame {...props} draw={draw} />;
}
