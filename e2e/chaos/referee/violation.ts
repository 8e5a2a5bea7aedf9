/** One broken promise, with what proves it. */
export interface Violation {
  rule: 'lost' | 'double_dials' | 'outside_window' | 'over_cap' | 'over_concurrency' | 'blacklisted_dialed' | 'unaccounted';
  /** Plain words, for the log. */
  evidence: string;
}

export const clock = (ms: number): string => new Date(ms).toISOString().slice(11, 23);
