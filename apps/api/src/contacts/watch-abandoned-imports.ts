import { failAbandonedImports } from '@carillon/store';
import type { ApiParts } from '../api-parts.js';

const PERIOD_MS = 15_000;
/** An upload says every five seconds that it lives. */
const SILENCE_MS = 60_000;

/** Gives up uploads whose process died, which would keep their campaigns from completing. Safe in several processes at once. */
export function watchAbandonedImports({ store, log, now }: Pick<ApiParts, 'store' | 'log' | 'now'>): { stop(): void } {
  const look = () => {
    const at = now();
    failAbandonedImports(store, { before: new Date(at.getTime() - SILENCE_MS), now: at }).then(
      (count) => count > 0 && log.warn({ count }, 'uploads that broke off were given up'),
      (error: unknown) => log.warn({ err: error }, 'broken uploads could not be looked for'),
    );
  };
  look();
  const timer = setInterval(look, PERIOD_MS);
  return { stop: () => clearInterval(timer) };
}
