import type { ClaimField } from '@carillon/contracts';

/** What the simulator knows of the people it made up; asked only after the campaign, to judge it. */
export interface Expectation {
  temperament: string;
  /** Answers the phone and answers questions. */
  talkative: boolean;
  expected: Record<string, string | number | boolean | null>;
}

export interface CarrierLedger {
  calls: number;
  /** Second calls to one person: overlapping ones, and any beyond one per person. */
  overlapping: number;
  repeated: number;
}

/** The simulator's control API, which no service of Carillon knows. */
export class Referee {
  constructor(
    private readonly simulatorUrl: string,
    private readonly key: string,
  ) {}

  expectations(phoneNumbers: string[], fields: readonly ClaimField[]): Promise<Record<string, Expectation>> {
    return this.ask('POST', '/control/expectations', { phone_numbers: phoneNumbers, fields });
  }

  carrierLedger(): Promise<CarrierLedger> {
    return this.ask('GET', '/control/carrier');
  }

  /** Voicemails that have a message of ours: somebody spoke after their tone. */
  async messagesRecorded(): Promise<number> {
    const { people } = await this.ask<{ people: { messagesRecorded: number } }>('GET', '/control/statistics');
    return people.messagesRecorded;
  }

  private async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const init: RequestInit = { method, headers: { authorization: `Bearer ${this.key}`, 'content-type': 'application/json' } };
    if (body !== undefined) init.body = JSON.stringify(body);
    const answer = await fetch(`${this.simulatorUrl}${path}`, init);
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }
}

/** Equal for a person who reads it: case, punctuation and spacing do not matter. */
export function sameValue(collected: unknown, expected: string | number | boolean): boolean {
  return normalise(collected) === normalise(expected);
}

function normalise(value: unknown): string {
  return String(value ?? '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}@]+/gu, ' ')
    .trim();
}
