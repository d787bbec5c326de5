import { geoNaturalEarth1, geoPath } from 'd3-geo';
import { feature } from 'topojson-client';
import type { Topology } from 'topojson-specification';
import world from 'world-atlas/countries-110m.json';
import { MapFrame, type Drawing, type MapProps } from './map_frame';

// Countries, from Natural Earth, which is in the public domain. A chunk of its own, since it is large.
const topology = world as unknown as Topology;
const countries = feature(topology, topology.objects['countries']!);

function draw(width: number, height: number): Drawing {
  const projection = geoNaturalEarth1().fitSize([width, height], { type: 'Sphere' });
  return {
    zooms: true,
    land: geoPath(projection)(countries) ?? '',
    spotOf: ({ latitude, longitude }) => {
      const spot = projection([longitude, latitude]);
      return spot === null ? null : { x: spot[0], y: spot[1] };
    },
  };
}

export default function WorldMap(props: MapProps) {
  return <MapFrame {...props} draw={draw} />;
}
