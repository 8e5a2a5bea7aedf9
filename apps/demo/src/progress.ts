import type { CampaignView, LiveEvent } from '@carillon/contracts';

const BAR_WIDTH = 30;

/** The terminal's view of the campaign: a line per event and, on a terminal, a bar that stays below them. Writes to stderr only. */
export class Progress {
  private readonly phones = new Map<string, string>();
  private readonly startedAt = Date.now();
  private bar = '';

  constructor(
    private readonly out: NodeJS.WriteStream,
    private readonly labels: ReadonlyMap<string, string>,
  ) {}

  event(event: LiveEvent): void {
    const line = this.describe(event);
    if (line !== null) this.line(line);
  }

  update(campaign: CampaignView): void {
    const { contacts, final, in_flight: inFlight } = campaign.progress;
    const filled = contacts === 0 ? 0 : Math.round((BAR_WIDTH * final) / contacts);
    const bar = `[${'█'.repeat(filled)}${'·'.repeat(BAR_WIDTH - filled)}] ${final}/${contacts} done, ${inFlight} on the phone`;
    if (bar === this.bar) return;
    this.bar = bar;
    if (this.out.isTTY) this.out.write(`\r\x1b[2K${bar}`);
    else this.out.write(`${bar}\n`);
  }

  finish(): void {
    if (this.out.isTTY) this.out.write('\n');
  }

  private line(text: string): void {
    const stamp = `${((Date.now() - this.startedAt) / 1000).toFixed(1).padStart(6)} s`;
    if (this.out.isTTY) this.out.write(`\r\x1b[2K${stamp}  ${text}\n${this.bar}`);
    else this.out.write(`${stamp}  ${text}\n`);
  }

  private describe(event: LiveEvent): string | null {
    switch (event.type) {
      case 'call.dialing':
        this.phones.set(event.callId, event.phoneE164);
        return `${this.who(event.callId)}  dialing`;
      case 'call.ringing':
        return `${this.who(event.callId)}  ringing`;
      case 'call.answered':
        return `${this.who(event.callId)}  answered`;
      case 'call.said':
        return `${this.who(event.callId)}  ${event.persona === 'human' ? 'person:' : 'agent: '} ${event.content}`;
      case 'call.claim':
        return `${this.who(event.callId)}  noted   ${JSON.stringify(event.claim)}`;
      case 'call.ended':
        return `${this.who(event.callId)}  ended   ${event.disposition}`;
      case 'campaign.status':
        return `campaign ${event.status}`;
    }
  }

  private who(callId: string): string {
    const phone = this.phones.get(callId) ?? callId.slice(0, 12);
    const label = this.labels.get(phone);
    return label ? `${phone} ${label}`.padEnd(28) : phone.padEnd(28);
  }
}
