import type { Ms } from '../ports.js';
import { SingleToneMeter, type FrameMeasure, type ToneSampleRate } from './single-tone-meter.js';

/** A tone that is over. Times are those of the frames that were pushed. */
export interface LineTone {
  /** `sit`: the three rising tones before a carrier's announcement (ITU-T E.180); its pitch is that of the last one. */
  kind: 'beep' | 'sit';
  hertz: number;
  startedAt: Ms;
  endedAt: Ms;
}

const FRAME_MS = 20;
/** A beep of 100 ms fills four frames, wherever they begin; but fewer than seven have to be purer than more, to tell them from a vowel. */
const MIN_FRAMES = 4;
const ENOUGH_FRAMES = 7;
const SHORT_REST_BELOW_DB = 18;
/** Longer ones are dial tones, fax answers, alarms. */
const MAX_BEEP_MS = 2_500;
/** Pitch and level of a beep do not move: at 5 dB over noise they are measured to 2 Hz and half a decibel. A voice and a plucked string move. */
const SAME_PITCH_HZ = 6;
const SAME_LEVEL_DB = 2;
/** After a beep the line falls silent for so long; after a note of a melody comes the next. The first frame may still hold its tail. */
const QUIET_FRAMES = 7;
const QUIET_BELOW_DB = 5;
/**
 * What sounds beside a beep is the line's noise, which is there after it, too; or it is nothing to speak of. A vowel whose one overtone drowns
 * the others takes those with it when it ends.
 */
const REST_OVER_NOISE_DB = 6;
const REST_BELOW_TONE_DB = 20;
/** A beep begins; a glide that comes to rest, as the voice's, was there before at another pitch not far away. One such frame may be a beep's edge. */
const GLIDE_HZ = 80;
const GLIDE_FRAMES = 2;
/** A note before it makes it part of a melody. */
const ALONE_FOR_MS = 500;
/** Ringback of one tone: 425–450 Hz for a second or more, where a beep of that pitch is shorter. */
const RINGBACK = { fromHz: 400, toHz: 465, minMs: 900 };
/** Lowest and highest of the nominal pitches, 2 % apart from them at most; 276 and 380 ms long, one right after the other. */
const SIT_STEPS = [
  { fromHz: 895, toHz: 1_005 },
  { fromHz: 1_345, toHz: 1_455 },
  { fromHz: 1_740, toHz: 1_815 },
];
const SIT_TONE_MS = { min: 180, max: 450 };
const SIT_GAP_MS = 120;

interface Run {
  /** Mean of its frames. */
  hertz: number;
  /** Of its loudest frame. */
  levelDb: number;
  /** Mean square of what sounds beside it; without its first and last frame, which hold its edges. */
  restPower: number;
  newestRestPower: number;
  /** The frame before was as loud and not clearly this tone: noise does that now and then, once. */
  doubtful: boolean;
  startedAt: Ms;
  endedAt: Ms;
  frames: number;
  /** Another tone ended shortly before it began, or glided into it. */
  follows: boolean;
}

/**
 * Finds voicemail beeps in 20 ms frames: a single steady tone of 100 ms or more that stands alone and is followed by silence. It is reported 140 ms after
 * its end. Speech, music, noise, DTMF digits and ringback are none of that. One per call.
 */
export class ToneDetector {
  private readonly meter: SingleToneMeter;
  private run: Run | null = null;
  /** Frames of a tone that came one after the other, and the pitch of the last. */
  private glide = { frames: 0, hertz: 0 };
  /** Tones that are over, the last three. */
  private past: Run[] = [];
  /** `quietDb`: the loudest frame since it ended, but for the one that may hold its tail. */
  private candidate: { tone: Run; quietFrames: number; quietDb: number } | null = null;

  constructor(sampleRate: ToneSampleRate) {
    this.meter = new SingleToneMeter(sampleRate);
  }

  /** One frame whose last sample came in at `at`. Answers the tone that this frame made certain. */
  push(frame: Int16Array, at: Ms): LineTone | null {
    const measure = this.meter.measure(frame);
    if (this.run !== null && (goesOn(this.run, measure) || isDoubtful(this.run, measure))) {
      extend(this.run, measure, at);
      this.follow(measure);
      return null;
    }
    this.endRun();
    const tone = this.watchSilence(measure);
    this.startRun(measure, at);
    this.follow(measure);
    return tone;
  }

  private follow({ tone }: FrameMeasure): void {
    if (tone === null) this.glide.frames = 0;
    else this.glide = { frames: this.isNear(tone.hertz) ? this.glide.frames + 1 : 1, hertz: tone.hertz };
  }

  private isNear(hertz: number): boolean {
    return Math.abs(this.glide.hertz - hertz) <= GLIDE_HZ;
  }

  private startRun({ tone, levelDb }: FrameMeasure, at: Ms): void {
    if (tone === null) return;
    const startedAt = at - FRAME_MS;
    const last = this.past.at(-1);
    const glided = this.glide.frames >= GLIDE_FRAMES && this.isNear(tone.hertz);
    const follows = glided || (last !== undefined && startedAt - last.endedAt < ALONE_FOR_MS);
    this.run = {
      hertz: tone.hertz,
      levelDb,
      restPower: 0,
      newestRestPower: 0,
      doubtful: false,
      startedAt,
      endedAt: at,
      frames: 1,
      follows,
    };
  }

  private endRun(): void {
    const { run } = this;
    this.run = null;
    if (run === null || run.frames < MIN_FRAMES) return;
    this.past = [...this.past.slice(-2), run];
    this.candidate = { tone: run, quietFrames: 0, quietDb: -Infinity };
  }

  /** Counts the frames after a tone; a loud one makes it a part of something else. */
  private watchSilence({ levelDb }: FrameMeasure): LineTone | null {
    const { candidate } = this;
    if (candidate === null) return null;
    const quiet = levelDb <= candidate.tone.levelDb - QUIET_BELOW_DB;
    if (!quiet && candidate.quietFrames > 0) this.candidate = null;
    if (candidate.quietFrames > 0) candidate.quietDb = Math.max(candidate.quietDb, levelDb);
    candidate.quietFrames += 1;
    if (this.candidate === null || candidate.quietFrames < QUIET_FRAMES) return null;
    this.candidate = null;
    return isPure(candidate.tone, candidate.quietDb) ? this.nameOf(candidate.tone) : null;
  }

  private nameOf(run: Run): LineTone | null {
    const { hertz, endedAt } = run;
    const startedAt = sitStart(this.past);
    if (startedAt !== null) return { kind: 'sit', hertz, startedAt, endedAt };
    const durationMs = endedAt - run.startedAt;
    const rings = hertz >= RINGBACK.fromHz && hertz <= RINGBACK.toHz && durationMs >= RINGBACK.minMs;
    if (run.follows || rings || durationMs > MAX_BEEP_MS) return null;
    return { kind: 'beep', hertz, startedAt: run.startedAt, endedAt };
  }
}

function goesOn(run: Run, { tone, levelDb }: FrameMeasure): boolean {
  return tone !== null && Math.abs(tone.hertz - run.hertz) <= SAME_PITCH_HZ && Math.abs(levelDb - run.levelDb) <= SAME_LEVEL_DB;
}

function isDoubtful(run: Run, { tone, levelDb }: FrameMeasure): boolean {
  return tone === null && !run.doubtful && Math.abs(levelDb - run.levelDb) <= SAME_LEVEL_DB;
}

function extend(run: Run, { tone, levelDb }: FrameMeasure, at: Ms): void {
  run.doubtful = tone === null;
  if (tone === null) return;
  run.frames += 1;
  run.hertz += (tone.hertz - run.hertz) / run.frames;
  run.endedAt = at;
  run.levelDb = Math.max(run.levelDb, levelDb);
  run.restPower += run.newestRestPower;
  run.newestRestPower = 10 ** (tone.restDb / 10);
}

function isPure({ levelDb, restPower, frames }: Run, quietDb: number): boolean {
  const restDb = 10 * Math.log10(restPower / (frames - 2));
  if (frames < ENOUGH_FRAMES) return restDb <= levelDb - SHORT_REST_BELOW_DB;
  return restDb <= levelDb - REST_BELOW_TONE_DB || restDb <= quietDb + REST_OVER_NOISE_DB;
}

/** When the three tones began, if the last three are those. */
function sitStart(past: readonly Run[]): Ms | null {
  if (past.length < SIT_STEPS.length) return null;
  const fits = past.every((run, index) => {
    const { fromHz, toHz } = SIT_STEPS[index] ?? { fromHz: 0, toHz: 0 };
    const durationMs = run.endedAt - run.startedAt;
    const gapMs = run.startedAt - (past[index - 1]?.endedAt ?? run.startedAt);
    return (
      run.hertz >= fromHz && run.hertz <= toHz && durationMs >= SIT_TONE_MS.min && durationMs <= SIT_TONE_MS.max && gapMs <= SIT_GAP_MS
    );
  });
  return fits ? (past[0]?.startedAt ?? null) : null;
}
