import { loadConfig } from './config/load-config.js';
import { openDependencies } from './dependencies.js';
import { createHealth } from './health.js';

/** Nothing listens on port 1. */
const CONFIG = loadConfig({ REDIS_URL: 'redis://127.0.0.1:1', DATABASE_URL: 'postgresql://someone:hunter2@127.0.0.1:1/carillon' });

describe('a dependency that does not answer', () => {
  it.each([
    ['redis', 'REDIS_URL'],
    ['postgres', 'DATABASE_URL'],
  ] as const)('is named with the way out: %s', async (name, key) => {
    const opening = openDependencies([name], CONFIG, createHealth(), 300);
    await expect(opening).rejects.toThrow(
      new RegExp(`^${name} cannot be reached \\(.+\\)\\. Start it, or point ${key} to one that runs\\.$`),
    );
    await expect(opening).rejects.not.toThrow(/hunter2/);
  });
});
