// Goal: the heaviest reason is read first, and the strip's numbers add up.
import { describe, expect, it } from 'vitest';
import { Failure } from '../api/failure';
import type { FiredRule, TipScore } from '../api/types';
import { conflictWord } from './conflicts';
import { byWeight, changeOf, mainReasons, standingOf } from './rules';
import { placeText } from './seen';

const fired = (rule: string, points: number, floor: number | null = null, urgent = false): FiredRule => ({
  rule,
  points,
  floor,
  urgent,
});

describe('byWeight', () => {
  it('puts urgent first, then floors, then points, and what lowers last', () => {
    const rules = [
      fired('viral', -300),
      fired('file', 100),
      fired('sextortion', 200, 2),
      fired('enticement', 250),
      fired('escalated', 300, 1, true),
      fired('danger', 450, 1, true),
    ];
    expect(byWeight(rules).map((one) => one.rule)).toEqual([
      'danger',
      'escalated',
      'sextortion',
      'enticement',
      'file',
      'viral',
    ]);
  });
  it('leaves its argument alone', () => {
    const rules = [fired('low', 1), fired('high', 2)];
    byWeight(rules);
    expect(rules[0]?.rule).toBe('low');
  });
});

describe('mainReasons', () => {
  it('says how many it leaves out', () => {
    expect(mainReasons(['a', 'b', 'c'], 2)).toEqual({ shown: ['a', 'b'], more: 1 });
    expect(mainReasons([], 2)).toEqual({ shown: [], more: 0 });
  });
});

describe('standingOf', () => {
  it('adds urgent ones to their level', () => {
    const counts = {
      standing: [
        { value: 1, urgent: true, tips: 4 },
        { value: 1, urgent: false, tips: 5 },
        { value: 2, urgent: false, tips: 6 },
      ],
      claimed: 1,
      oldest_urgent: null,
      oldest: null,
    };
    expect(standingOf(counts)).toEqual({ urgent: 4, levels: [9, 6, 0], all: 15 });
  });
});

describe('changeOf', () => {
  const score = (value: number, points: number, urgent = false): TipScore => ({
    number: 1,
    at: '',
    cause: 'filed',
    account: 0,
    account_login: '',
    rules_version: '',
    value,
    urgent,
    points,
    completeness: 0,
    fired: [],
    missing: [],
    signals: [],
  });
  it('sees which way a report went', () => {
    expect(changeOf(score(2, 300), undefined)).toBe('first');
    expect(changeOf(score(1, 900, true), score(1, 999))).toBe('up');
    expect(changeOf(score(2, 300), score(1, 700))).toBe('down');
    expect(changeOf(score(2, 300), score(2, 200))).toBe('up');
    expect(changeOf(score(2, 300), score(2, 300))).toBe('same');
  });
});

describe('conflictWord', () => {
  const conflict = (field: string) => new Failure(409, 'conflict', 'text', field, '');
  it('says what to do, by what stood in the way of what', () => {
    expect(conflictWord(conflict('claim'), 'claim')).toBe('conflict.claimed');
    expect(conflictWord(conflict('claim'), 'close')).toBe('conflict.lost');
    expect(conflictWord(conflict('claim'), 'take_back')).toBe('conflict.nobody');
    expect(conflictWord(conflict('state'), 'claim')).toBe('conflict.not_waiting');
    expect(conflictWord(conflict('bundle'), 'put_back')).toBe('conflict.not_pulled');
    expect(conflictWord(conflict(''), 'type')).toBe('conflict.moved_on');
  });
  it('leaves other failures to their own words', () => {
    expect(conflictWord(new Failure(503, '', '', '', ''), 'claim')).toBeNull();
  });
});

describe('placeText', () => {
  const words = {
    t: (key: string, values?: Record<string, string | number>) => `${key}${values ? ` ${values['number']}` : ''}`,
    find: (key: string) => (key === 'place.note' ? 'a note' : undefined),
  };
  it('puts codes of places into words', () => {
    expect(placeText('file 2', words)).toBe('place.file 2');
    expect(placeText('item 1', words)).toBe('place.item 1');
    expect(placeText('note', words)).toBe('a note');
    expect(placeText('some_where', words)).toBe('Some where');
  });
});
