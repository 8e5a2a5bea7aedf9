import { understand } from './comprehension.js';
import type { LineClock, LineTimer } from './line-clock.js';
import type { SeededRandom } from './seeded-random.js';
import type { Topic } from './topic.js';

/** How far into the agent's line an interruption begins. */
const ONSET_MS = { min: 800, max: 1_500 };

/** How much longer somebody waits to make out what is asked before butting in with no answer. */
const GUESS_MS = { min: 300, max: 1_500 };

/** The first agent's turn that is interrupted is one of these: nobody butts into a greeting. */
const FIRST_TURN = { min: 2, max: 3 };

export interface Interruption {
  /** What the agent is about to ask, where that can be told already. */
  topic: Topic | null;
}

/** Decides when an impatient person starts to talk over the agent: once or twice in a call. */
export class InterruptionPlan {
  readonly #clock: LineClock;
  readonly #random: SeededRandom;
  readonly #interrupt: (interruption: Interruption) => void;
  #left: number;
  #nextTurn: number;
  #turn = 0;
  #partial = '';
  #timer: LineTimer | undefined;
  #deciding = false;

  constructor(clock: LineClock, random: SeededRandom, interrupt: (interruption: Interruption) => void) {
    this.#clock = clock;
    this.#random = random;
    this.#interrupt = interrupt;
    this.#left = random.between(1, 2);
    this.#nextTurn = random.between(FIRST_TURN.min, FIRST_TURN.max);
  }

  agentStarted(): void {
    this.#turn += 1;
    this.#partial = '';
    if (this.#left === 0 || this.#turn < this.#nextTurn) return;
    this.#timer = this.#clock.after(this.#random.between(ONSET_MS.min, ONSET_MS.max), () => this.#onset());
  }

  agentPartial(text: string): void {
    this.#partial = text;
    if (this.#deciding && this.#topic() !== null) this.#go();
  }

  /** An agent who finishes before the onset was too quick: the next turn gets it. */
  agentStopped(): void {
    this.#timer?.cancel();
    this.#deciding = false;
  }

  #onset(): void {
    if (this.#topic() !== null) return this.#go();
    this.#deciding = true;
    this.#timer = this.#clock.after(this.#random.between(GUESS_MS.min, GUESS_MS.max), () => this.#go());
  }

  #go(): void {
    this.#timer?.cancel();
    this.#deciding = false;
    this.#left -= 1;
    this.#nextTurn = this.#turn + 2;
    this.#interrupt({ topic: this.#topic() });
  }

  #topic(): Topic | null {
    const meaning = understand(this.#partial);
    return meaning.kind === 'question' ? meaning.topic : null;
  }
}
