import { setTimeout as delay } from 'node:timers/promises';

export interface CampaignAnswer {
  id: string;
  status: string;
  /** Only of engines that know caps, windows and retries. */
  per_person?: object;
}

export interface ImportAnswer {
  id: string;
  state: 'running' | 'done' | 'failed' | 'undone';
  imported: number;
  rejected: number;
  duplicates: number;
  blacklisted?: number;
}

const PATIENCE_MS = 60_000;
const POLL_MS = 500;

/** The public REST API as an operator's script uses it: what fails for a while is asked again. */
export class ApiClient {
  constructor(
    private readonly baseUrl: string,
    private readonly key: string,
  ) {}

  /** Not repeated: to be called before anything breaks. */
  async createCampaign(body: object): Promise<CampaignAnswer> {
    return (await this.#once('POST', '/campaigns', JSON.stringify(body), 'application/json')) as CampaignAnswer;
  }

  /** Uploading a file again adds nothing twice; rows that came in with an upload whose answer was lost come back as duplicates. */
  async uploadContacts(campaignId: string, csv: string): Promise<ImportAnswer> {
    let upload = (await this.#patiently('POST', `/campaigns/${campaignId}/contacts`, csv, 'text/csv')) as ImportAnswer;
    while (upload.state === 'running') {
      await delay(POLL_MS);
      upload = (await this.#patiently('GET', `/campaigns/${campaignId}/imports/${upload.id}`)) as ImportAnswer;
    }
    if (upload.state !== 'done') throw new Error(`an upload ended as ${JSON.stringify(upload)}`);
    return upload;
  }

  async startCampaign(campaignId: string): Promise<void> {
    await this.#patiently('POST', `/campaigns/${campaignId}/start`);
  }

  async campaign(campaignId: string): Promise<CampaignAnswer> {
    return (await this.#patiently('GET', `/campaigns/${campaignId}`)) as CampaignAnswer;
  }

  /** Resolves once the api has taken them: nobody of them may be dialed from then on. */
  async blacklist(phones: readonly string[]): Promise<void> {
    await this.#patiently('POST', '/blacklist', JSON.stringify({ phone_number: phones, reason: 'chaos' }), 'application/json');
  }

  async #patiently(method: string, path: string, body?: string, contentType?: string): Promise<unknown> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      try {
        return await this.#once(method, path, body, contentType);
      } catch (error) {
        if (error instanceof Refusal || Date.now() > deadline) throw error;
        await delay(POLL_MS);
      }
    }
  }

  async #once(method: string, path: string, body?: string, contentType?: string): Promise<unknown> {
    // a connection of its own: one that was kept alive may lead to an api that has died
    const headers = { authorization: `Bearer ${this.key}`, connection: 'close', ...(contentType && { 'content-type': contentType }) };
    const answer = await fetch(`${this.baseUrl}${path}`, { method, headers, body: body ?? null });
    const text = await answer.text();
    if (answer.ok) return text === '' ? null : JSON.parse(text);
    const message = `${method} ${path}: ${answer.status} ${text.slice(0, 500)}`;
    throw answer.status < 500 && answer.status !== 429 ? new Refusal(message) : new Error(message);
  }
}

/** The request is at fault: asking again would not help. */
class Refusal extends Error {
  override readonly name = 'Refusal';
}
