// Goal: what a picture's numbers mean is said rightly on both sides of each limit. Method: the functions alone.
import { describe, expect, it } from 'vitest';
import type { ReportedPicture } from '../api/types';
import { nearnessOf, troubleOf } from './nearness';

const picture: ReportedPicture = {
  file: 1,
  outcome: 'hashed',
  format: 'jpeg',
  width: 640,
  height: 480,
  complete: true,
  quality: 90,
  compared: true,
  alike_files: 0,
  near: [],
};

describe('nearnessOf', () => {
  it('tells the same file from one that is alike, and that from one that others join', () => {
    expect(nearnessOf({ report_id: 1, distance: 0, same_bytes: true })).toBe('same');
    expect(nearnessOf({ report_id: 1, distance: 0, same_bytes: false })).toBe('alike');
    expect(nearnessOf({ report_id: 1, distance: 31, same_bytes: false })).toBe('alike');
    expect(nearnessOf({ report_id: 1, distance: 32, same_bytes: false })).toBe('joined');
    expect(nearnessOf({ report_id: 1, distance: null, same_bytes: false })).toBe('joined');
  });
});

describe('troubleOf', () => {
  it('has nothing to say of a picture that was compared, or of no picture', () => {
    expect(troubleOf(picture)).toBeNull();
    expect(troubleOf({ ...picture, outcome: 'unsupported', compared: false })).toBeNull();
  });
  it('says why a picture was not compared', () => {
    expect(troubleOf({ ...picture, outcome: null, compared: false })).toBe('waiting');
    expect(troubleOf({ ...picture, quality: 12, compared: false })).toBe('poor');
    expect(troubleOf({ ...picture, outcome: 'crashed', compared: false })).toBe('crashed');
  });
});
