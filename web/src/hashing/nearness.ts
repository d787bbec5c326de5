import type { NearPicture, ReportedPicture } from '../api/types';

// Of 256 bits: pictures within this are alike; what is farther belongs to the group by others between.
export const ALIKE_BITS = 31;

export type Nearness = 'same' | 'alike' | 'joined';

export function nearnessOf(near: NearPicture): Nearness {
  if (near.same_bytes) return 'same';
  return near.distance !== null && near.distance <= ALIKE_BITS ? 'alike' : 'joined';
}

// What is to be said of a picture that was not compared, if anything.
export type Trouble = 'waiting' | 'poor' | 'damaged' | 'too_large' | 'took_too_long' | 'crashed';

export function troubleOf(picture: ReportedPicture): Trouble | null {
  if (picture.outcome === null) return 'waiting';
  if (picture.outcome === 'hashed') return picture.compared ? null : 'poor';
  return picture.outcome === 'unsupported' ? null : picture.outcome;
}
