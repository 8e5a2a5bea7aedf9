/** What is wrong with one key, ready for a person to mend it. */
export interface ConfigProblem {
  env: string;
  /** What the key holds: `not set`, the value in quotes, or its length where it is a secret. */
  holds: string;
  problem: string;
  fix: string;
}

/** Thrown at start with every problem at once, not the first one only. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(`The configuration cannot be used:\n${problems.map(describe).join('\n')}`);
    this.problems = problems;
  }
}

function describe({ env, holds, problem, fix }: ConfigProblem): string {
  return `  ${env} (${holds}) ${problem}\n      set it to: ${fix}`;
}
