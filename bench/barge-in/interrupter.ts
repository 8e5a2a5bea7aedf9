import type { SeededRandom } from '@carillon/simulator/greetings';
import type { WebSocket } from 'ws';
import { cueFrame } from '../voice/cue.js';
import { FRAME_MS } from '../voice/frame-ticker.js';
import { clipFrames, isSpeech, Phone } from '../voice/phone.js';
import { bytesOf } from '../voice/speech-clips.js';
import { echoCue } from './agent-line.js';
import type { LineHiss } from './line-hiss.js';
import { ECHO_MS } from './script.js';
import type { Sound, SoundKind } from './sounds.js';

/** One sound over the agent, and what came of it; times are `performance.now()`. */
export interface Attempt {
  kind: SoundKind;
  text: string;
  onsetAt: number;
  endAt: number;
  /** When the carrier was told to stop, if it was. */
  stoppedAt: number | null;
  /** When the agent was heard again after that. */
  resumedAt: number | null;
}

/** A sound with the cue that goes before it. */
export interface CuedSound {
  cue: number;
  sound: Sound;
}

/** So long after the agent's last sound a person takes it as finished. */
const AGENT_DONE_TICKS = 30;
/** A sound comes this long after the line has begun. */
const [FIRST_MS, LAST_MS] = [1_000, 4_500];
/** What comes of a sound is known so long after its end. */
const AFTERMATH_MS = 1_700;
/** The way from the loudspeaker to the microphone, and over the network twice; and what it takes away. */
const ECHO_TICKS = 8;
const [ECHO_MIN_DB, ECHO_MAX_DB] = [10, 22];

/** A person who lets the agent speak, makes a sound over it, and keeps what the agent does about it. */
export class Interrupter {
  readonly attempts: Attempt[] = [];
  private readonly phone: Phone;
  private speech: string[] = [];
  private quietTicks = 0;
  private lineTicks = 0;
  private lines = 0;
  private soundAtMs = 0;
  private current: (Attempt & { settled: boolean }) | null = null;
  /** What was heard in the last moments, for the echo. */
  private readonly heard: (Buffer | undefined)[] = [];
  private echoTicks = 0;
  private echoGain = 0;

  constructor(
    socket: WebSocket,
    /** What to say to hear the next line. */
    private readonly prompt: CuedSound,
    /** The sounds that are still to be made, of all calls together. */
    private readonly sounds: CuedSound[],
    /** How long the agent's line takes. */
    private readonly lineMs: number,
    private readonly random: SeededRandom,
    private readonly hiss: LineHiss | null,
  ) {
    this.phone = new Phone(socket, { stopped: (at) => this.stopped(at), arrived: (at) => this.arrived(at) });
  }

  get dropped(): boolean {
    return this.phone.dropped;
  }

  get busy(): boolean {
    return this.current !== null;
  }

  tick(timestamp: string): void {
    if (!this.phone.open) return;
    this.hear();
    this.settle();
    const frame = this.echoTicks > 0 && this.speech.length === 0 ? this.echo() : this.speech.shift();
    this.phone.send(timestamp, this.hiss === null ? frame : this.hiss.under(frame));
  }

  close(): void {
    this.phone.close();
  }

  private hear(): void {
    const frame = this.phone.hear();
    this.heard.push(frame);
    if (this.heard.length > ECHO_TICKS) this.heard.shift();
    if (frame !== undefined && isSpeech(frame)) {
      if (this.lineTicks === 0) this.beginLine();
      this.quietTicks = 0;
    } else {
      this.quietTicks++;
    }
    if (this.lineTicks > 0) this.lineTicks++;
    if (this.current !== null || this.speech.length > 0 || this.lineTicks === 0) return;
    if (this.quietTicks >= AGENT_DONE_TICKS) this.endLine();
    else if (this.lineTicks * FRAME_MS === this.soundAtMs) this.make(this.sounds.shift());
  }

  /** The first line is the greeting, whose words are others. */
  private beginLine(): void {
    this.lines++;
    this.lineTicks = 1;
    this.soundAtMs = this.lines === 1 ? Infinity : FRAME_MS * this.random.between(FIRST_MS / FRAME_MS, LAST_MS / FRAME_MS);
  }

  private endLine(): void {
    this.lineTicks = 0;
    this.speech = framesOf(this.prompt);
  }

  private make(next: CuedSound | undefined): void {
    if (next === undefined) return;
    const { sound } = next;
    const now = performance.now();
    if (sound.kind === 'echo') this.beginEcho();
    else this.speech = framesOf(next);
    // the cue is sent now, the first frame of the sound one tick later; its samples are those of the 20 ms before that
    const durationMs = sound.kind === 'echo' ? ECHO_MS : sound.durationMs;
    const onsetAt = now + sound.onsetMs;
    const text = sound.utterance.words.join(' ');
    this.current = { kind: sound.kind, text, onsetAt, endAt: now + durationMs, stoppedAt: null, resumedAt: null, settled: false };
  }

  private beginEcho(): void {
    const at = (this.lineTicks - ECHO_TICKS) * FRAME_MS;
    this.speech = clipFrames(bytesOf(cueFrame(echoCue(at / this.lineMs, (at + ECHO_MS) / this.lineMs))));
    this.echoTicks = ECHO_MS / FRAME_MS;
    this.echoGain = 10 ** (-this.random.between(ECHO_MIN_DB, ECHO_MAX_DB) / 20);
  }

  private echo(): string | undefined {
    this.echoTicks--;
    const frame = this.heard[0];
    if (frame === undefined) return undefined;
    const echo = Buffer.alloc(frame.length);
    for (let at = 0; at + 1 < frame.length; at += 2) echo.writeInt16LE(Math.round(frame.readInt16LE(at) * this.echoGain), at);
    return echo.toString('base64');
  }

  private stopped(at: number): void {
    if (this.current !== null && at >= this.current.onsetAt) this.current.stoppedAt ??= at;
  }

  private arrived(at: number): void {
    if (this.current?.stoppedAt != null) this.current.resumedAt ??= at;
  }

  /** What came of the sound is known; after a voice the agent's answer is a new line. */
  private settle(): void {
    const { current } = this;
    if (current === null || performance.now() < current.endAt + (current.kind === 'voice' ? 0 : AFTERMATH_MS)) return;
    const { settled: _settled, ...attempt } = current;
    this.attempts.push(attempt);
    this.current = null;
    if (attempt.kind === 'voice' && attempt.stoppedAt !== null) this.lineTicks = 0;
    else this.soundAtMs = 0;
  }
}

function framesOf({ cue, sound }: CuedSound): string[] {
  return [...clipFrames(bytesOf(cueFrame(cue))), ...clipFrames(bytesOf(sound.pcm))];
}
