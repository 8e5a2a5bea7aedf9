import { randomUUID } from 'node:crypto';
import { acsOutcome, type Carrier, type PlaceRequest, type PlaceResult } from '@carillon/telephony';

export type PlaceAnswer = (request: PlaceRequest) => Promise<PlaceResult> | PlaceResult;

/** A carrier with scripted answers. Like the real one it names a call it has by the repeatability id, and dials for every id it does not know. */
export class FakeCarrier implements Pick<Carrier, 'place' | 'hangUp' | 'outcomeOf'> {
  /** Every request, repeats included. */
  readonly requests: PlaceRequest[] = [];
  readonly hungUp: string[] = [];
  readonly outcomeOf = acsOutcome;
  readonly #connections = new Map<string, string>();
  readonly #script: PlaceAnswer[] = [];

  /** What the next requests are answered, one each; those after them are placed. */
  answerNext(...answers: PlaceAnswer[]): void {
    this.#script.push(...answers);
  }

  /** Forgets the rest of the script: every request is placed from now on. */
  recover(): void {
    this.#script.length = 0;
  }

  /** The phone rings. For scripts: what an answer does before it goes wrong. */
  ring({ repeatabilityId }: PlaceRequest): string {
    const connectionId = this.#connections.get(repeatabilityId) ?? randomUUID();
    this.#connections.set(repeatabilityId, connectionId);
    return connectionId;
  }

  async place(request: PlaceRequest): Promise<PlaceResult> {
    this.requests.push(request);
    const scripted = this.#script.shift();
    return scripted ? scripted(request) : { kind: 'placed', connectionId: this.ring(request) };
  }

  async hangUp(connectionId: string): Promise<void> {
    this.hungUp.push(connectionId);
  }

  /** How many times a phone rang. */
  ringsOf(phoneE164: string): number {
    const ids = this.requests.filter(({ toE164 }) => toE164 === phoneE164).map(({ repeatabilityId }) => repeatabilityId);
    return new Set(ids.filter((id) => this.#connections.has(id))).size;
  }

  hasRung(callId: string): boolean {
    return this.#connectionOf(callId) !== undefined;
  }

  /** The connection that a call has; throws when its phone never rang. */
  connectionOf(callId: string): string {
    const connectionId = this.#connectionOf(callId);
    if (connectionId === undefined) throw new Error(`the phone of call ${callId} never rang`);
    return connectionId;
  }

  #connectionOf(callId: string): string | undefined {
    const request = this.requests.find((each) => each.callId === callId);
    return request && this.#connections.get(request.repeatabilityId);
  }
}
