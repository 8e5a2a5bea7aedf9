import type { TtsRequest } from '@carillon/pipeline';
import type { PooledSynthesizer, SynthesizerPool } from './synthesizer-pool.js';

/** What a connection is opened for and can never be used otherwise. All else travels in the markup. */
export type ConnectionPurpose = Pick<TtsRequest, 'sampleRate' | 'customVoice'>;

/** Deployments of custom voices whose connections are kept at the same time; the one that was used longest ago makes room. */
const MAX_DEPLOYMENTS = 16;

/** A pool for each purpose, made when it is first needed. */
export class SynthesizerPools<S extends PooledSynthesizer> {
  readonly #create: (purpose: ConnectionPurpose) => SynthesizerPool<S>;
  /** Used last comes last. */
  readonly #pools = new Map<string, { pool: SynthesizerPool<S>; isCustom: boolean }>();

  constructor(create: (purpose: ConnectionPurpose) => SynthesizerPool<S>) {
    this.#create = create;
  }

  get(purpose: ConnectionPurpose): SynthesizerPool<S> {
    const { sampleRate, customVoice } = purpose;
    const key = JSON.stringify([sampleRate, customVoice ?? null]);
    const known = this.#pools.get(key);
    const isCustom = customVoice !== undefined;
    if (known === undefined && isCustom) this.#makeRoom();
    const entry = known ?? { pool: this.#create({ sampleRate, customVoice }), isCustom };
    this.#pools.delete(key);
    this.#pools.set(key, entry);
    return entry.pool;
  }

  /** Connections by what they do now, over all purposes. */
  get size(): { idle: number; busy: number; waiting: number } {
    const sum = { idle: 0, busy: 0, waiting: 0 };
    for (const { pool } of this.#pools.values()) {
      const { idle, busy, waiting } = pool.size;
      sum.idle += idle;
      sum.busy += busy;
      sum.waiting += waiting;
    }
    return sum;
  }

  close(): void {
    for (const { pool } of this.#pools.values()) pool.close();
  }

  /** Nobody speaks over what is closed here. */
  #makeRoom(): void {
    const custom = [...this.#pools].filter(([, { isCustom }]) => isCustom);
    if (custom.length < MAX_DEPLOYMENTS) return;
    const unused = custom.find(([, { pool }]) => pool.size.busy === 0 && pool.size.waiting === 0);
    if (unused === undefined) return;
    this.#pools.delete(unused[0]);
    unused[1].pool.close();
  }
}
