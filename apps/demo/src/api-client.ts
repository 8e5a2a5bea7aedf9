import type { CampaignView, ErrorBody, ImportView, LiveEvent } from '@carillon/contracts';

/** `GET /campaigns/{id}/report` */
export interface CampaignReport {
  contacts: number;
  states: Record<string, number>;
  dispositions: Record<string, number>;
  calls: number;
  answered: number;
  answer_rate: number | null;
  reply_latency_ms: { p50: number | null; p95: number | null; n: number };
  collected: { phone_number: string; disposition: string | null; claim: Record<string, unknown>; completeness: number }[];
}

/** The public REST API, as any user's script would call it. */
export class ApiClient {
  constructor(
    private readonly baseUrl: string,
    private readonly key: string,
  ) {}

  createCampaign(body: unknown): Promise<CampaignView> {
    return this.request('POST', '/campaigns', JSON.stringify(body), 'application/json');
  }

  uploadContacts(campaignId: string, csv: Buffer): Promise<ImportView> {
    return this.request('POST', `/campaigns/${campaignId}/contacts`, csv, 'text/csv');
  }

  startCampaign(campaignId: string): Promise<CampaignView> {
    return this.request('POST', `/campaigns/${campaignId}/start`);
  }

  campaign(campaignId: string): Promise<CampaignView> {
    return this.request('GET', `/campaigns/${campaignId}`);
  }

  report(campaignId: string): Promise<CampaignReport> {
    return this.request('GET', `/campaigns/${campaignId}/report?limit=1000`);
  }

  /** Live events until the signal aborts; comes back after a broken connection, since events are only for the screen. */
  async follow(campaignId: string, listener: (event: LiveEvent) => void, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const answer = await fetch(`${this.baseUrl}/events?campaign_id=${campaignId}`, { headers: this.headers(), signal });
        if (answer.ok && answer.body) for await (const event of serverSentEvents(answer.body)) listener(event);
      } catch (error) {
        if (signal.aborted) return;
        process.stderr.write(`events: ${error instanceof Error ? error.message : String(error)}\n`);
      }
      await new Promise((wake) => setTimeout(wake, 500));
    }
  }

  private headers(): Record<string, string> {
    return { authorization: `Bearer ${this.key}` };
  }

  private async request<T>(method: string, path: string, body?: BodyInit | Buffer, contentType?: string): Promise<T> {
    const init: RequestInit = { method, headers: { ...this.headers(), ...(contentType ? { 'content-type': contentType } : {}) } };
    if (body !== undefined) init.body = body as BodyInit;
    const answer = await fetch(`${this.baseUrl}${path}`, init);
    if (!answer.ok) throw new Error(await problem(method, path, answer));
    return (await answer.json()) as T;
  }
}

async function problem(method: string, path: string, answer: Response): Promise<string> {
  const text = await answer.text();
  try {
    const { error } = JSON.parse(text) as ErrorBody;
    return `${method} ${path}: ${answer.status} ${error.message}${error.details.map((detail) => `\n  ${detail}`).join('')}`;
  } catch {
    return `${method} ${path}: ${answer.status} ${text.slice(0, 500)}`; // not one of our bodies: show what came
  }
}

async function* serverSentEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<LiveEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('data:')) yield JSON.parse(line.slice(5)) as LiveEvent;
  }
}
