import { readFile } from 'node:fs/promises';
import type { ApiClient } from './api-client.js';
import { csvOf, type CampaignName, type Person } from './people.js';
import type { DailyWindow } from './referee/outside-window.js';
import type { PersonCap } from './referee/over-cap.js';
import type { RefereeRow } from './referee/run-facts.js';

export interface RunningCampaigns {
  idOf: Record<CampaignName, string>;
  /** False: an engine of before caps, windows and retries; nobody is prepared to be blocked. */
  settings: boolean;
}

export const PERSON_CAP: PersonCap = { calls: 2, withinMs: 86_400_000 };

export const MAX_CONCURRENT: Record<CampaignName, number> = { a: 22, b: 12, c: 4, d: 4 };

/** Contacts may be called again a minute later after these, and never after anything else. */
const RETRIED = ['busy', 'no_answer', 'declined'];
const NOT_RETRIED = ['no_conversation', 'voicemail', 'rejected', 'blocked', 'network_failure', 'no_evidence', 'abandoned'];
const WEEK = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

export interface CampaignTerms {
  window: DailyWindow;
  callsPerContact: number;
}

export async function createCampaigns(api: ApiClient, terms: CampaignTerms): Promise<RunningCampaigns> {
  const { initiate } = JSON.parse(await readFile('examples/campaign.json', 'utf8')) as { initiate: object };
  const create = async (name: CampaignName) => api.createCampaign(requestOf(name, initiate, terms));
  const [a, b, c, d] = [await create('a'), await create('b'), await create('c'), await create('d')];
  return { idOf: { a: a.id, b: b.id, c: c.id, d: d.id }, settings: a.per_person !== undefined };
}

function requestOf(name: CampaignName, initiate: object, { window, callsPerContact }: CampaignTerms): object {
  const retried = Object.fromEntries(RETRIED.map((disposition) => [disposition, { attempts: 1, delays_minutes: [1] }]));
  const notRetried = Object.fromEntries(NOT_RETRIED.map((disposition) => [disposition, { attempts: 0 }]));
  const earlier = name === 'c' || name === 'd';
  return {
    name: `chaos ${name}`,
    policy: 'none',
    default_region: 'US',
    max_concurrent: MAX_CONCURRENT[name],
    // the shortest of each: a call whose end the carrier does not tell holds its slot until the engine gives it up
    ring_timeout_ms: 10_000,
    max_call_ms: 10_000,
    initiate,
    windows: [{ days: WEEK, ...window }],
    per_person: { max_per_day: PERSON_CAP.calls },
    retry: {
      max_attempts: earlier ? 1 : callsPerContact,
      rules: { ...retried, ...notRetried },
      spread_day_parts: false,
      stop_after_conversation: true,
    },
  };
}

/** The people a campaign calls; for `c` and `d` those who shall have had their calls already when `a` comes to them. */
export function guestsOf(name: CampaignName, people: readonly Person[]): Person[] {
  if (name === 'c' || name === 'd') return people.filter(({ kind }) => kind === 'cap');
  return people.filter(({ campaigns }) => campaigns.includes(name));
}

export interface Uploads {
  /** On the blacklist before their rows were uploaded. */
  listedBefore: ReadonlySet<string>;
  /** Those who have had their calls for today have been added to `a`. */
  cappedAdded: boolean;
}

/** What the referee expects of each row that was uploaded. */
export function rowsOf({ idOf }: RunningCampaigns, people: readonly Person[], { listedBefore, cappedAdded }: Uploads): RefereeRow[] {
  const row = (name: CampaignName, { phoneE164, kind, campaigns }: Person): RefereeRow => ({
    campaignId: idOf[name],
    phoneE164,
    kind,
    // with a day's calls used up by two campaigns, or by a second try, a contact waits for tomorrow
    waived: kind !== 'callable' ? kind : campaigns.length > 1 ? 'cap' : null,
    mayBeMissing: listedBefore.has(phoneE164),
  });
  const earlier = (name: 'c' | 'd') =>
    guestsOf(name, people).map((person): RefereeRow => ({ ...row(name, person), kind: 'earlier', waived: null }));
  return [
    ...guestsOf('a', people)
      .filter(({ kind }) => kind !== 'cap' || cappedAdded)
      .map((person) => row('a', person)),
    ...guestsOf('b', people).map((person) => row('b', person)),
    ...earlier('c'),
    ...earlier('d'),
  ];
}

export async function upload(api: ApiClient, campaignId: string, guests: readonly Person[], log: (message: string) => void): Promise<void> {
  if (guests.length === 0) return;
  const { imported, rejected, duplicates, blacklisted = 0 } = await api.uploadContacts(campaignId, csvOf(guests));
  log(`uploaded ${guests.length} rows: ${imported} imported, ${rejected} rejected, ${duplicates} duplicates, ${blacklisted} blacklisted`);
  if (rejected > 0) throw new Error('a row was refused that should not be');
}
