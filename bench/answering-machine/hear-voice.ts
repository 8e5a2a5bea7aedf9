import type { VadStream } from '@carillon/pipeline';
import type { SileroVadEngine } from '@carillon/providers';
import { RATE_HZ } from './line-sounds.js';

/** The far end begins or ends to speak; `noticedAt` is when the detector knew. */
export interface VoiceEdge {
  speaking: boolean;
  at: number;
  noticedAt: number;
}

const WINDOW_SAMPLES = 512;
const WINDOW_MS = (WINDOW_SAMPLES * 1_000) / RATE_HZ;
/** As in the engine's turn taking: 96 ms of voice are speech, two quiet windows a pause. */
const VOICE_ON = 0.5;
const VOICE_OFF = 0.35;
const MIN_SPEECH_MS = 96;
const PAUSE_MS = 64;
/** Windows of one call that wait at once; a few calls listen side by side, which fills the detector's batches. */
const IN_FLIGHT = 32;

/** Runs the whole recording through the real voice detector, faster than it was spoken. */
export async function hearVoice(engine: SileroVadEngine, pcm: Int16Array): Promise<VoiceEdge[]> {
  const edges = new EdgeFinder();
  let answered = 0;
  let wake: () => void = () => undefined;
  const stream: VadStream = engine.open((probability, windowEndAt) => {
    edges.window(probability, windowEndAt);
    answered += 1;
    wake();
  });
  const windows = Math.floor(pcm.length / WINDOW_SAMPLES);
  for (let sent = 0; sent < windows; sent++) {
    while (sent - answered >= IN_FLIGHT) await new Promise<void>((resolve) => (wake = resolve));
    stream.push(pcm.subarray(sent * WINDOW_SAMPLES, (sent + 1) * WINDOW_SAMPLES), (sent + 1) * WINDOW_MS);
  }
  while (answered < windows) await new Promise<void>((resolve) => (wake = resolve));
  stream.close();
  return edges.found;
}

class EdgeFinder {
  readonly found: VoiceEdge[] = [];
  private speaking = false;
  private voicedMs = 0;
  private quietMs = 0;
  private onsetAt = 0;
  private lastVoicedAt = 0;

  window(probability: number, endAt: number): void {
    const voiced = probability >= (this.voicedMs > 0 ? VOICE_OFF : VOICE_ON);
    if (voiced) this.voice(endAt);
    else this.quiet(endAt);
  }

  private voice(endAt: number): void {
    if (this.voicedMs === 0) this.onsetAt = endAt - WINDOW_MS;
    this.voicedMs += WINDOW_MS;
    this.quietMs = 0;
    this.lastVoicedAt = endAt;
    if (this.speaking || this.voicedMs < MIN_SPEECH_MS) return;
    this.speaking = true;
    this.found.push({ speaking: true, at: this.onsetAt, noticedAt: endAt });
  }

  private quiet(endAt: number): void {
    this.quietMs += WINDOW_MS;
    if (this.quietMs < PAUSE_MS) return;
    this.voicedMs = 0;
    if (!this.speaking) return;
    this.speaking = false;
    this.found.push({ speaking: false, at: this.lastVoicedAt, noticedAt: endAt });
  }
}
