import { readFile } from 'node:fs/promises';
import { campaignRequestSchema, type CampaignView } from '@carillon/contracts';
import { ApiClient } from './api-client.js';
import { Progress } from './progress.js';
import { Referee } from './referee.js';
import { judge, type DemoResult, type FieldMistake } from './result.js';
import type { CampaignReport } from './api-client.js';
import type { Stack } from './stack.js';

const POLL_MS = 500;
/** A campaign of about 20 people takes under three minutes; more people get more time. */
const MINIMUM_DEADLINE_MS = 240_000;
const DEADLINE_PER_CONTACT_MS = 20_000;

export interface CampaignRun {
  result: DemoResult;
  mistakes: FieldMistake[];
  report: CampaignReport;
}

/**
 * Uploads the contacts, starts the campaign, shows it while it runs, and judges it. Throws when a row set cannot be uploaded or the campaign does
 * not end in time.
 */
export async function runCampaign(stack: Stack, contactsFile: string, out: NodeJS.WriteStream): Promise<CampaignRun> {
  const api = new ApiClient(stack.apiUrl, stack.adminKey);
  const request = campaignRequestSchema.parse(JSON.parse(await readFile('examples/campaign.json', 'utf8')));
  const csv = await readFile(contactsFile);
  const campaign = await api.createCampaign({ ...request, name: `${request.name} (demo)` });
  const upload = await api.uploadContacts(campaign.id, csv);
  out.write(`Uploaded ${contactsFile}: ${upload.imported} contacts, ${upload.rejected} rows refused, ${upload.duplicates} duplicates.\n`);
  for (const error of upload.errors) out.write(`  line ${error.line}, ${error.column}: ${error.reason}\n`);
  const finished = await follow(api, campaign.id, out);
  const report = await api.report(campaign.id);
  const referee = new Referee(stack.simulatorUrl, stack.simulatorKey);
  const phones = report.collected.map((row) => row.phone_number);
  const [expectations, ledger, messagesRecorded] = await Promise.all([
    referee.expectations(phones, request.initiate.claim),
    referee.carrierLedger(),
    referee.messagesRecorded(),
  ]);
  return { ...judge(finished, report, { expectations, ledger, messagesRecorded }), report };
}

async function follow(api: ApiClient, campaignId: string, out: NodeJS.WriteStream): Promise<CampaignView> {
  const progress = new Progress(out, new Map());
  const stop = new AbortController();
  const events = api.follow(campaignId, (event) => progress.event(event), stop.signal);
  try {
    return await untilCompleted(api, campaignId, progress);
  } finally {
    stop.abort();
    await events;
    progress.finish();
  }
}

async function untilCompleted(api: ApiClient, campaignId: string, progress: Progress): Promise<CampaignView> {
  const started = await api.startCampaign(campaignId);
  const deadline = Date.now() + Math.max(MINIMUM_DEADLINE_MS, started.progress.contacts * DEADLINE_PER_CONTACT_MS);
  for (;;) {
    const campaign = await api.campaign(campaignId);
    progress.update(campaign);
    if (campaign.status === 'completed') return campaign;
    if (Date.now() > deadline) throw new Error(`the campaign is still ${campaign.status} with ${JSON.stringify(campaign.progress)}`);
    await new Promise((wake) => setTimeout(wake, POLL_MS));
  }
}
