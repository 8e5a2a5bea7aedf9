import type { Clock, Ms, SttListener, SttProvider, SttStream } from '@carillon/pipeline';
import { ProviderError } from '../provider-error.js';
import type { CircuitState } from './circuit-breaker.js';
import { type Candidate, ProviderRow, type FailoverOptions } from './provider-row.js';

export interface FailoverSttOptions extends FailoverOptions<SttProvider> {
  /** So much of the audio that no final transcript covers yet is said again to the next provider. */
  replayMs?: Ms | undefined;
}

/** Recognisers take this much at once before they throttle (5 s), and it holds what people say in one go. 128 kB per call at the most. */
const REPLAY_MS = 4_000;

/** A recogniser that has had the stream for so long without complaint works, even if nobody has spoken. Not so much audio: what is said again comes all at once. */
const SOUND_AFTER_MS: Ms = 5_000;

const SAMPLES_PER_MS = 16;

/** What one call wants of its recogniser. */
interface Wish {
  options: { language: string; phrases: readonly string[] };
  listener: SttListener;
  replayMs: Ms;
  clock: Clock;
}

/** Listens with the first provider that can; when it fails in the middle of a call, the next one hears the running utterance again. */
export class FailoverStt implements SttProvider {
  readonly finalP99Ms: Ms;
  readonly #options: FailoverSttOptions;
  readonly #row: ProviderRow<SttProvider>;

  constructor(options: FailoverSttOptions) {
    this.#options = options;
    this.#row = new ProviderRow('stt', { ...options, circuit: { ...options.circuit, slowMs: Infinity } }); // silence is no delay
    this.finalP99Ms = this.#row.first.finalP99Ms;
  }

  circuits(): { provider: string; state: CircuitState }[] {
    return this.#row.states();
  }

  open(options: { language: string; phrases: readonly string[] }, listener: SttListener): SttStream {
    const { clock, providers } = this.#options;
    const replayMs = providers.length === 1 ? 0 : (this.#options.replayMs ?? REPLAY_MS);
    const stream = new FailoverSttStream(this.#row, { options, listener, replayMs, clock });
    // in a later task, when it fails at once: whoever opens it has no handle yet
    if (!stream.begin()) clock.setTimer(clock.now(), () => stream.giveUp(new ProviderError('all_down')));
    return stream;
  }

  warm(language: string): void {
    this.#row.first.warm?.(language);
  }

  close(): void {
    for (const stt of this.#row.providers) stt.close?.();
  }
}

interface Listening {
  candidate: Candidate<SttProvider>;
  stream: SttStream | undefined;
  /** When the service took the stream. */
  takenAt: Ms | undefined;
  /** It has said something of the audio, be it that it was nothing. */
  hasSpoken: boolean;
  isSound: boolean;
}

class FailoverSttStream implements SttStream {
  readonly #row: ProviderRow<SttProvider>;
  readonly #wish: Wish;
  readonly #tried = new Set<string>();
  readonly #failures: Listening[] = [];
  /** Audio that no final transcript covers. */
  #unfinished: Int16Array[] = [];
  #unfinishedMs: Ms = 0;
  #listening: Listening | undefined;
  #isTaken = false;
  #closed = false;

  constructor(row: ProviderRow<SttProvider>, wish: Wish) {
    this.#row = row;
    this.#wish = wish;
  }

  /** False when nobody is left to ask. */
  begin(): boolean {
    const candidate = this.#row.next(this.#tried) ?? this.#row.lastResort(this.#tried);
    if (!candidate) return false;
    this.#tried.add(candidate.name);
    const listening: Listening = { candidate, stream: undefined, takenAt: undefined, hasSpoken: false, isSound: false };
    this.#listening = listening;
    try {
      const stream = candidate.provider.open(this.#wish.options, this.#ears(listening));
      if (this.#listening !== listening) {
        stream.close(); // it has failed already
        return true;
      }
      listening.stream = stream;
      for (const frame of this.#unfinished) stream.push(frame);
      return true;
    } catch (error) {
      return this.#next(listening, error);
    }
  }

  push(frame: Int16Array): void {
    if (this.#closed) return;
    const frameMs = frame.length / SAMPLES_PER_MS;
    if (this.#wish.replayMs > 0) this.#remember(frame, frameMs);
    const listening = this.#listening;
    if (!listening?.stream) return;
    if (this.#wish.clock.now() - (listening.takenAt ?? Infinity) >= SOUND_AFTER_MS) this.#sound(listening);
    listening.stream.push(frame);
  }

  close(because?: 'deaf'): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#unfinished = [];
    const listening = this.#listening;
    this.#listening = undefined;
    // one that has answered before may have had nothing to say to a cough or to music
    if (listening && because === 'deaf' && !listening.hasSpoken) this.#charge(listening, new ProviderError('stt_deaf', 'a person spoke'));
    else listening?.candidate.permit.dropped();
    listening?.stream?.close(because);
  }

  giveUp(error: unknown): void {
    if (this.#closed) return;
    this.close();
    this.#wish.listener.failed(error instanceof Error ? error : new Error(String(error)));
  }

  #ears(listening: Listening): SttListener {
    const { listener } = this.#wish;
    const isCurrent = () => this.#listening === listening;
    return {
      opened: () => {
        if (isCurrent()) this.#taken(listening);
      },
      interim: (text) => {
        if (!isCurrent()) return;
        this.#spoken(listening);
        listener.interim(text);
      },
      final: (text, confidence) => {
        if (!isCurrent()) return;
        this.#spoken(listening);
        this.#unfinished = [];
        this.#unfinishedMs = 0;
        listener.final(text, confidence);
      },
      failed: (error) => {
        if (isCurrent() && !this.#next(listening, error)) this.giveUp(error);
      },
    };
  }

  /** The provider answers: its circuit need not wait until somebody speaks. */
  #taken(listening: Listening): void {
    if (listening.takenAt !== undefined) return;
    listening.takenAt = this.#wish.clock.now();
    const { permit, name } = listening.candidate;
    permit.answered();
    const ownMs = permit.firstPieceMs;
    const answered = { type: 'answered', kind: 'stt', provider: name, attempt: this.#tried.size, hedged: false } as const;
    this.#row.observe({ ...answered, afterMs: ownMs, ownMs });
    if (!this.#isTaken) this.#wish.listener.opened?.();
    this.#isTaken = true;
  }

  #spoken(listening: Listening): void {
    listening.hasSpoken = true;
    this.#sound(listening);
  }

  /** The provider works: should it fail after all, those that failed before it get another chance. */
  #sound(listening: Listening): void {
    this.#taken(listening);
    if (listening.isSound) return;
    listening.isSound = true;
    for (const { candidate } of this.#failures.splice(0)) candidate.permit.outdone();
    this.#tried.clear();
    this.#tried.add(listening.candidate.name);
  }

  #next(failed: Listening, error: unknown): boolean {
    this.#listening = undefined;
    this.#failures.push(failed);
    this.#charge(failed, error);
    return this.begin();
  }

  #charge({ candidate }: Listening, error: unknown): void {
    candidate.permit.failed(error);
    const code = error instanceof ProviderError ? error.code : 'unknown';
    this.#row.observe({ type: 'failed', kind: 'stt', provider: candidate.name, code, cutOff: false });
  }

  #remember(frame: Int16Array, frameMs: Ms): void {
    this.#unfinished.push(frame);
    this.#unfinishedMs += frameMs;
    while (this.#unfinishedMs > this.#wish.replayMs) this.#unfinishedMs -= (this.#unfinished.shift()?.length ?? 0) / SAMPLES_PER_MS;
  }
}
