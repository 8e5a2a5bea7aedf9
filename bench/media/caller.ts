import type { WebSocket } from 'ws';
import { isSpeech, Phone, SILENCE } from '../voice/phone.js';

/** So long after the agent's last sound a person takes it as finished. */
const AGENT_DONE_TICKS = 30;

/** One person on the phone: real frames each 20 ms, an answer after each thing that the agent says. */
export class Caller {
  readonly phone: Phone;
  utterances = 0;
  private speech: string[] = [];
  private quietTicks = 0;
  private heardAgent = false;

  constructor(
    socket: WebSocket,
    private readonly clips: readonly string[][],
    private readonly random: () => number,
  ) {
    this.phone = new Phone(socket);
  }

  /** 20 ms have passed: send one frame, hear one. */
  tick(timestamp: string): void {
    if (!this.phone.open) return;
    this.hear();
    this.phone.send(timestamp, this.speech.shift());
  }

  private hear(): void {
    const frame = this.phone.hear();
    if (frame !== undefined && isSpeech(frame)) {
      this.heardAgent = true;
      this.quietTicks = 0;
    } else {
      this.quietTicks++;
    }
    if (this.heardAgent && this.speech.length === 0 && this.quietTicks === AGENT_DONE_TICKS) this.answer();
  }

  private answer(): void {
    this.heardAgent = false;
    const pause = Array.from({ length: Math.floor(this.random() * 25) }, () => SILENCE);
    this.speech = [...pause, ...(this.clips[Math.floor(this.random() * this.clips.length)] ?? [])];
    this.utterances++;
  }
}
