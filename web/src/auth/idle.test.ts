// Goal: nobody is signed out without a warning, and nobody stays signed in without being there.
import { describe, expect, it } from 'vitest';
import { idlePhase } from './idle';

const IDLE = 1800;
const at = (seconds: number) => idlePhase(0, seconds * 1000, IDLE);

describe('idlePhase', () => {
  it('warns in the last two minutes', () => {
    expect(at(0)).toEqual({ kind: 'active' });
    expect(at(1679)).toEqual({ kind: 'active' });
    expect(at(1680)).toEqual({ kind: 'warning', secondsLeft: 120 });
    expect(at(1799)).toEqual({ kind: 'warning', secondsLeft: 1 });
  });
  it('is over at the limit', () => {
    expect(at(1800)).toEqual({ kind: 'over' });
    expect(at(9999)).toEqual({ kind: 'over' });
  });
  it('warns for half of a short session only', () => {
    expect(idlePhase(0, 20_000, 60)).toEqual({ kind: 'active' });
    expect(idlePhase(0, 31_000, 60)).toEqual({ kind: 'warning', secondsLeft: 29 });
  });
  it('is not confused by a clock set back', () => {
    expect(idlePhase(10_000, 0, IDLE)).toEqual({ kind: 'active' });
  });
});
