import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Attack, PlannedAttack } from './attack-plan.js';
import type { BackingService } from './backing-service.js';
import type { Kills } from './result.js';
import type { ChaosStack } from './stack.js';
import type { Victim } from './victim.js';

export interface Targets {
  stack: Pick<ChaosStack, 'dialers' | 'media' | 'apis'>;
  redis: BackingService;
  postgres: BackingService;
  log(message: string): void;
}

/** Carries out planned attacks one after the other; only a freeze goes on beside the next ones. */
export class Attacker {
  #redis = 0;
  #postgres = 0;
  readonly #freezes = new Set<Promise<void>>();

  constructor(private readonly targets: Targets) {}

  get kills(): Kills {
    const { dialers, media, apis } = this.targets.stack;
    const sum = (victims: readonly Victim[], count: (victim: Victim) => number) =>
      victims.reduce((total, victim) => total + count(victim), 0);
    const deaths = (victims: readonly Victim[]) => sum(victims, ({ kills }) => kills);
    return {
      dialer: deaths(dialers),
      media: deaths(media),
      api: deaths(apis),
      redis: this.#redis,
      postgres: this.#postgres,
      frozen: sum(dialers, ({ frozen }) => frozen),
    };
  }

  /** Until the signal. Everything runs again when it resolves. */
  async run(plan: Iterable<PlannedAttack>, signal: AbortSignal): Promise<void> {
    for (const { afterMs, attack } of plan) {
      await delay(afterMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) break;
      this.targets.log(`attack: ${JSON.stringify(attack)}`);
      await this.#carryOut(attack);
    }
    await Promise.all(this.#freezes);
  }

  async #carryOut(attack: Attack): Promise<void> {
    const { stack, redis, postgres } = this.targets;
    switch (attack.kind) {
      case 'kill': {
        const group = { dialer: stack.dialers, media: stack.media, api: stack.apis }[attack.what];
        // one that is frozen stays so: it shall go on one day
        group.find((victim, index) => index === attack.which && !victim.isFrozen)?.kill();
        return;
      }
      case 'freeze':
        return this.#freeze(attack.which, attack.durationMs);
      case 'redis-flush':
        await flush(redis.url);
        this.#redis++;
        return;
      case 'redis-restart':
        await restart(redis, 'SIGKILL', attack.downMs);
        this.#redis++;
        return;
      case 'postgres-restart':
        await restart(postgres, attack.signal, attack.downMs);
        this.#postgres++;
        return;
    }
  }

  #freeze(which: 0 | 1, durationMs: number): void {
    const freeze = this.targets.stack.dialers[which]?.freeze(durationMs);
    if (!freeze) return;
    this.#freezes.add(freeze);
    void freeze.finally(() => this.#freezes.delete(freeze));
  }
}

async function restart(service: BackingService, signal: NodeJS.Signals, downMs: number): Promise<void> {
  await service.end(signal);
  await delay(downMs);
  await service.start();
}

/** `FLUSHALL`, spoken by hand: it is one word. */
function flush(redisUrl: string): Promise<void> {
  const { hostname, port } = new URL(redisUrl);
  return new Promise((done, fail) => {
    const socket = connect(Number(port), hostname, () => socket.write('FLUSHALL\r\n'));
    socket.once('error', fail);
    socket.once('data', (answer) => {
      socket.destroy();
      if (answer.toString().startsWith('+OK')) done();
      else fail(new Error(`Redis answered FLUSHALL with ${answer.toString().trim()}`));
    });
  });
}
