export type Sums = readonly { what: string; count: number }[];

export function sumOf(sums: Sums, ...whats: string[]): number {
  return sums.filter((one) => whats.includes(one.what)).reduce((sum, one) => sum + one.count, 0);
}

// What is said of reports that helped.
export const USEFUL = ['started_investigation', 'advanced_existing', 'intelligence_only'].map(
  (code) => `usefulness:${code}`,
);
