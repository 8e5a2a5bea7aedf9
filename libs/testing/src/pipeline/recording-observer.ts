import type { Claim, LatencyLedger } from '@carillon/contracts';
import type { AnswerNews, CallObserver, CallStage, EndReason, Ms, ProviderNews, SaidMessage, TurnSign } from '@carillon/pipeline';

/** Keeps everything a session tells. */
export class RecordingObserver implements CallObserver {
  readonly said: SaidMessage[] = [];
  readonly revised: { id: number; content: string }[] = [];
  readonly claims: Claim[] = [];
  readonly ledgers: LatencyLedger[] = [];
  readonly errors: { message: string; stage: CallStage }[] = [];
  readonly hangUps: { at: Ms; reason: EndReason }[] = [];
  readonly news: ProviderNews[] = [];
  readonly signs: (TurnSign & { at: Ms })[] = [];
  /** What was found out about who answered. */
  readonly answers: AnswerNews[] = [];
  interruptions = 0;
  callbacksAsked = 0;
  /** When the carrier was to be asked to put the person through. */
  readonly transfers: Ms[] = [];

  constructor(private readonly now: () => Ms) {}

  /** The transcript in short: `human: …`, `assistant: …`. */
  get transcript(): string[] {
    return this.said.map(({ persona, content }) => `${persona}: ${content}`);
  }

  onSaid(message: SaidMessage): void {
    this.said.push(message);
  }

  onRevised(id: number, content: string): void {
    this.revised.push({ id, content });
  }

  onClaim(claim: Claim): void {
    this.claims.push(claim);
  }

  onReply(ledger: LatencyLedger): void {
    this.ledgers.push(ledger);
  }

  onInterruption(): void {
    this.interruptions += 1;
  }

  onCallbackAsked(): void {
    this.callbacksAsked += 1;
  }

  onTransfer(): void {
    this.transfers.push(this.now());
  }

  onSign(sign: TurnSign): void {
    this.signs.push({ ...sign, at: this.now() });
  }

  onProvider(news: ProviderNews): void {
    this.news.push(news);
  }

  onAnswer(news: AnswerNews): void {
    this.answers.push(news);
  }

  onError(error: Error, stage: CallStage): void {
    this.errors.push({ message: error.message, stage });
  }

  onHangUp(reason: EndReason): void {
    this.hangUps.push({ at: this.now(), reason });
  }
}
