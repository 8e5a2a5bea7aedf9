import type { SeededRandom } from '@carillon/simulator/greetings';
import type { WebSocket } from 'ws';
import { isSpeech, Phone, SILENCE } from '../voice/phone.js';

/** So long after the agent's last sound a person takes it as finished. */
const AGENT_DONE_TICKS = 30;
const LONGEST_PAUSE_TICKS = 25;

/** A person who says a sentence after each thing that the agent says, and takes the time until it answers. */
export class Talker {
  readonly repliesMs: number[] = [];
  private readonly phone: Phone;
  private speech: string[] = [];
  private quietTicks = 0;
  private heardAgent = false;
  /** When the sentence was over; null while nothing is waited for. */
  private doneAt: number | null = null;

  constructor(
    socket: WebSocket,
    /** Cue and sound of each sentence. */
    private readonly sentences: readonly (readonly string[])[],
    private readonly random: SeededRandom,
  ) {
    this.phone = new Phone(socket, { arrived: (at) => this.answered(at) });
  }

  tick(timestamp: string): void {
    if (!this.phone.open) return;
    this.hear();
    const data = this.speech.shift();
    this.phone.send(timestamp, data);
    if (data !== undefined && this.speech.length === 0) this.doneAt = performance.now();
  }

  close(): void {
    this.phone.close();
  }

  private answered(at: number): void {
    if (this.doneAt === null) return;
    this.repliesMs.push(at - this.doneAt);
    this.doneAt = null;
  }

  private hear(): void {
    const frame = this.phone.hear();
    if (frame !== undefined && isSpeech(frame)) {
      this.heardAgent = true;
      this.quietTicks = 0;
    } else {
      this.quietTicks++;
    }
    if (!this.heardAgent || this.speech.length > 0 || this.quietTicks !== AGENT_DONE_TICKS) return;
    this.heardAgent = false;
    const pause = Array.from({ length: this.random.between(0, LONGEST_PAUSE_TICKS) }, () => SILENCE);
    this.speech = [...pause, ...this.random.pick(this.sentences)];
  }
}
