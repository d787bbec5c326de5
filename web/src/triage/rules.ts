import type { FiredRule, QueueCounts, TipScore } from '../api/types';

// Order and sums of what the server judged. The server judges; these only arrange.

// Heaviest first, by what a rule does to the standing: urgent, then its floor, then its points; what lowers comes last.
export function byWeight(fired: readonly FiredRule[]): FiredRule[] {
  const floorOf = (one: FiredRule) => one.floor ?? 4;
  return [...fired].sort(
    (one, other) =>
      Number(other.urgent) - Number(one.urgent)
      || Math.sign(floorOf(one) - floorOf(other))
      || other.points - one.points
      || one.rule.localeCompare(other.rule),
  );
}

// Codes of a row come in the order of the rules' table, which goes from the heaviest to what lowers.
export function mainReasons(rules: readonly string[], most: number): { shown: readonly string[]; more: number } {
  return { shown: rules.slice(0, most), more: Math.max(0, rules.length - most) };
}

export interface Standing {
  urgent: number;
  levels: readonly [number, number, number];
  all: number;
}

export function standingOf(counts: QueueCounts): Standing {
  const sum = (fits: (value: number, urgent: boolean) => boolean) =>
    counts.standing.reduce((total, one) => total + (fits(one.value, one.urgent) ? one.tips : 0), 0);
  return {
    urgent: sum((_value, urgent) => urgent),
    levels: [sum((value) => value === 1), sum((value) => value === 2), sum((value) => value === 3)],
    all: sum(() => true),
  };
}

// The server stops counting here.
export const COUNT_MAX = 10_000;

export type ScoreChange = 'first' | 'up' | 'down' | 'same';

// How a score moved the report, seen from the one before.
export function changeOf(score: TipScore, before: TipScore | undefined): ScoreChange {
  if (before === undefined) return 'first';
  const rank = (one: TipScore) => (one.urgent ? 0 : 10_000) + one.value * 1000 - one.points;
  const difference = rank(score) - rank(before);
  return difference === 0 ? 'same' : difference < 0 ? 'up' : 'down';
}
