import { REPLIES_TO_AGENT, type Greeting, type SeededRandom } from '@carillon/simulator/greetings';
import { beep, informationTones, lineBeep, music, RATE_HZ, ringback } from './line-sounds.js';

/** A sentence on the line; times in milliseconds from the start of media. */
export interface SpokenPart {
  text: string;
  startedAt: number;
  endedAt: number;
}

/** A call as it truly was: what sounded on the far end, and when we spoke. */
export interface ComposedCall {
  greeting: Greeting;
  pcm: Float64Array;
  parts: SpokenPart[];
  /** Beeps, of machines and of recorded lines. */
  beeps: { startedAt: number; endedAt: number }[];
  agent: { startedAt: number; endedAt: number }[];
}

/** Speaks a sentence with the call's voice, 16 kHz. */
export type Speak = (text: string) => Promise<Int16Array>;

/** Our first line starts with the media; a voice that sets in a second later or more cuts it, as in the engine. */
const AGENT_LINE = { startedAt: 60, lastsMs: 4_200, answerMs: 3_000, answersAfterMs: 900, cutFromMs: 1_000, cutAfterMs: 300 };
const REPLIES = 2;
const END_SILENCE_MS = 4_000;

/** Lays sound after sound on a line of growing length. */
class Line {
  readonly call: ComposedCall;
  private readonly pieces: { pcm: ArrayLike<number>; startedAt: number }[] = [];
  now: number;

  constructor(greeting: Greeting, startsAt: number) {
    this.call = { greeting, pcm: new Float64Array(), parts: [], beeps: [], agent: [] };
    this.now = startsAt;
  }

  play(pcm: ArrayLike<number>): { startedAt: number; endedAt: number } {
    const startedAt = this.now;
    this.pieces.push({ pcm, startedAt });
    this.now += (pcm.length * 1_000) / RATE_HZ;
    return { startedAt, endedAt: this.now };
  }

  say(text: string, pcm: Int16Array): void {
    this.call.parts.push({ text, ...this.play(pcm) });
  }

  finish(): ComposedCall {
    const pcm = new Float64Array(Math.ceil((this.now * RATE_HZ) / 1_000));
    for (const { pcm: piece, startedAt } of this.pieces) {
      const from = Math.round((startedAt * RATE_HZ) / 1_000);
      for (let at = 0; at < piece.length && from + at < pcm.length; at++) pcm[from + at] = piece[at] ?? 0;
    }
    return { ...this.call, pcm };
  }
}

export async function composeCall(greeting: Greeting, speak: Speak, random: SeededRandom): Promise<ComposedCall> {
  const line = new Line(greeting, pickUpMs(greeting, random));
  if (greeting.before !== undefined) line.play({ music, sit: informationTones, ringback }[greeting.before](random));
  const [shortest, longest] = greeting.pauseMs ?? [150, 600];
  for (const [index, part] of greeting.parts.entries()) {
    if (index > 0) line.now += random.between(shortest, longest);
    line.say(part, await speak(part));
    // a recorded line beeps after its first sentence
    if (index === 0 && greeting.after === 'line-beep') soundBeep(line, lineBeep(random), random.between(100, 400));
  }
  if (greeting.after === 'beep') soundBeep(line, beep(random).pcm, random.between(200, 1_500));
  ourFirstLine(line);
  if (greeting.who === 'person') await talk(line, speak, random);
  line.now += END_SILENCE_MS;
  return line.finish();
}

/** People take a moment to the ear; mailboxes start at once or after the switch to them. */
function pickUpMs({ who }: Greeting, random: SeededRandom): number {
  if (who === 'person') return random.chance(0.1) ? random.between(2_000, 5_000) : random.between(150, 1_500);
  return random.chance(0.2) ? random.between(1_500, 5_500) : random.between(100, 1_200);
}

function soundBeep(line: Line, pcm: Float64Array, afterMs: number): void {
  line.now += afterMs;
  line.call.beeps.push(line.play(pcm));
  line.now += 150;
}

function ourFirstLine({ call }: Line): void {
  const { startedAt, lastsMs, cutFromMs, cutAfterMs } = AGENT_LINE;
  const wholeUntil = startedAt + lastsMs;
  const cut = call.parts.find((part) => part.startedAt > startedAt + cutFromMs && part.startedAt < wholeUntil);
  call.agent.push({ startedAt, endedAt: cut === undefined ? wholeUntil : cut.startedAt + cutAfterMs });
}

/** We answer what they said, they answer that. */
async function talk(line: Line, speak: Speak, random: SeededRandom): Promise<void> {
  for (let reply = 0; reply < REPLIES; reply++) {
    const ours = line.call.agent.at(-1)?.endedAt ?? 0;
    if (line.now > ours) {
      const startedAt = line.now + AGENT_LINE.answersAfterMs;
      line.call.agent.push({ startedAt, endedAt: startedAt + AGENT_LINE.answerMs });
    }
    line.now = (line.call.agent.at(-1)?.endedAt ?? line.now) + random.between(200, 1_200);
    const text = random.pick<string>(REPLIES_TO_AGENT);
    line.say(text, await speak(text));
  }
}
