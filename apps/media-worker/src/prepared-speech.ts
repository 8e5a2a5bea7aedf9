import type { CallContext } from '@carillon/contracts';
import type { Clock, LineBook, Ms, TtsRequest } from '@carillon/pipeline';
import type { Logger } from '@carillon/platform';
import { speechOfCall } from './speech-of-call.js';

/** Conversations come first: their synthesis shares the same connections. */
const AT_A_TIME = 4;
/** More ringing phones than this at once are answered without preparation. */
const MAX_WAITING = 200;
/** A voice that fails is left alone for a while, for the tenant whose lines it fails with: that of another is another matter. */
const REST_MS: Ms = 5_000;

export interface PreparedSpeechOptions {
  /** `CachedTts` of @carillon/providers. */
  tts: { prepare(requests: readonly TtsRequest[], keep: 'in-memory' | 'on-disk'): Promise<{ failed: number }> };
  /** What is translated by now; without it nothing is. */
  book?: LineBook | undefined;
  /** What the dialer asks the carrier for, 16 kHz if not said; a call in another format is not prepared for, and only answers a little later. */
  sampleRate?: TtsRequest['sampleRate'] | undefined;
  clock: Clock;
  wallNow(): number;
  log: Logger;
}

/**
 * Has what a call will say synthesised before it is said: its greeting while the phone rings, and with it the lines that must be there when
 * nothing else works. What is there already costs nothing. Nobody waits for it, and nothing fails because of it.
 */
export class PreparedSpeech {
  private readonly waiting: CallContext[] = [];
  private running = 0;
  private readonly restUntil = new Map<string, Ms>();
  private over = false;

  constructor(private readonly options: PreparedSpeechOptions) {}

  prepare(context: CallContext): void {
    if (this.over || this.waiting.length >= MAX_WAITING) return;
    this.waiting.push(context);
    this.next();
  }

  get isIdle(): boolean {
    return this.running === 0 && this.waiting.length === 0;
  }

  stop(): void {
    this.over = true;
    this.waiting.length = 0;
  }

  private next(): void {
    if (this.running >= AT_A_TIME) return;
    const context = this.waiting.shift();
    if (context === undefined) return;
    this.running += 1;
    void this.render(context).finally(() => {
      this.running -= 1;
      this.next();
    });
  }

  private async render(context: CallContext): Promise<void> {
    const { tts, book, sampleRate, clock, wallNow, log } = this.options;
    try {
      const { forPerson, forEverybody } = speechOfCall(context, new Date(wallNow()), book, sampleRate);
      const voice = voiceOfCall(context, [...forPerson, ...forEverybody]);
      if (clock.now() < (this.restUntil.get(voice) ?? -Infinity)) return;
      // First what only this call says: its greeting, as a rule. The lines of everybody are mostly there.
      const failed = (await tts.prepare(forPerson, 'in-memory')).failed + (await tts.prepare(forEverybody, 'on-disk')).failed;
      if (failed === 0) return;
      this.rest(voice);
      log.warn({ callId: context.callId, failed }, 'lines of a call could not be prepared');
    } catch (error) {
      log.warn({ err: error, callId: context.callId }, 'the speech of a call could not be prepared');
    }
  }

  private rest(voice: string): void {
    const now = this.options.clock.now();
    for (const [rested, until] of this.restUntil) if (until <= now) this.restUntil.delete(rested);
    this.restUntil.set(voice, now + REST_MS);
  }
}

function voiceOfCall({ tenantId }: CallContext, [request]: readonly TtsRequest[]): string {
  return JSON.stringify([tenantId, request?.voice, request?.customVoice, request?.language]);
}
