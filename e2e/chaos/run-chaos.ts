import { setTimeout as delay } from 'node:timers/promises';
import { ApiClient } from './api-client.js';
import { Attacker } from './attacker.js';
import { PACE, planAttacks } from './attack-plan.js';
import type { BackingService } from './backing-service.js';
import { Books } from './books.js';
import { createCampaigns, guestsOf, MAX_CONCURRENT, PERSON_CAP, rowsOf, upload, type RunningCampaigns } from './campaigns.js';
import { FAILPOINTS } from './failpoints.js';
import { GaugeWatch } from './gauge-watch.js';
import { homeAt, invitePeople, type CampaignName, type Home, type Person } from './people.js';
import type { CarrierCall } from './referee/carrier-call.js';
import { judge } from './referee/judge.js';
import type { ConcurrencyLimit } from './referee/over-concurrency.js';
import type { RunFacts } from './referee/run-facts.js';
import { chaosResult, failuresOf } from './result.js';
import { SimulatorControl } from './simulator-control.js';
import { startStack, type ChaosStack, type StackOptions } from './stack.js';

export interface ChaosOptions {
  contacts: number;
  seed: string;
  /** When the run is judged at the latest, milliseconds. */
  limitMs: number;
  pace: 'whole' | 'quick';
  /** Instead of the dialers' own: `FAILPOINTS`. */
  failpoints?: string | undefined;
}

export interface ChaosGround extends Pick<StackOptions, 'env' | 'run' | 'logDir'> {
  databaseUrl: string;
  adminKey: string;
  postgres: BackingService;
  redis: BackingService;
  log(message: string): void;
}

/** Of the time limit: for the last calls to end, or to be given up, after the attacks have stopped. */
const TAIL_SHARE = 0.4;
/** Attacks stop when fewer people than this share still wait for their turn. */
const DIALED_SHARE = 0.06;
const POLL_MS = 2_000;

/** Runs two campaigns while everything breaks; prints the result and answers the exit code. */
export async function runChaos(options: ChaosOptions, ground: ChaosGround): Promise<number> {
  const own = FAILPOINTS[options.pace];
  const failpoints = { ...own, dialer: options.failpoints ?? own.dialer };
  const { slotsPerWorker, freezeMs } = PACE[options.pace];
  const stack = await startStack({ ...ground, failpoints, seed: options.seed, slotsPerWorker, freezeMs: freezeMs[0] });
  try {
    const run = await prepare(options, ground, stack);
    const attacker = new Attacker({ stack, ...ground });
    const gauge = new GaugeWatch('carillon_contacts_unaccounted', stack.dialers);
    const settled = await fight(run, attacker);
    const facts = await collect(run, settled, gauge.max);
    gauge.stop();
    return await report(run, facts, attacker);
  } finally {
    await stack.stop();
  }
}

/** Everything that the parts of a run have in common. */
interface Run {
  options: ChaosOptions;
  ground: ChaosGround;
  stack: ChaosStack;
  api: ApiClient;
  simulator: SimulatorControl;
  books: Books;
  home: Home;
  people: Person[];
  campaigns: RunningCampaigns;
  campaignIds: string[];
  startedAt: number;
  /** By number, when the api had taken the entry. */
  blacklist: Map<string, number>;
  listedBefore: Set<string>;
  /** Those who have had their calls for today are in `a` as well. */
  cappedAdded: boolean;
}

async function prepare(options: ChaosOptions, ground: ChaosGround, stack: ChaosStack): Promise<Run> {
  const { log } = ground;
  const home = homeAt(Date.now());
  const api = new ApiClient(stack.apiUrl, ground.adminKey);
  const campaigns = await createCampaigns(api, { window: home.window, callsPerContact: PACE[options.pace].callsPerContact });
  const invited = invitePeople(options.contacts, options.seed, home);
  const people = campaigns.settings ? invited : invited.map((person): Person => ({ ...person, kind: 'callable' }));
  if (!campaigns.settings) log('this engine has no caps, windows and retries: everybody may be called, once by each campaign');
  const run: Run = {
    ...{ options, ground, stack, api, home, people, campaigns, startedAt: Date.now() },
    simulator: new SimulatorControl(stack.simulatorUrl, stack.simulatorKey),
    books: new Books(ground.databaseUrl),
    campaignIds: Object.values(campaigns.idOf),
    blacklist: new Map(),
    listedBefore: new Set(),
    cappedAdded: false,
  };
  const listed = people.filter(({ kind }) => kind === 'blacklist').map(({ phoneE164 }) => phoneE164);
  const before = listed.slice(0, Math.ceil(listed.length / 2));
  await blacklist(run, before);
  for (const phone of before) run.listedBefore.add(phone);
  for (const name of ['c', 'd', 'a', 'b'] as const) await open(run, name);
  await run.simulator.startFaults(options.seed);
  return run;
}

async function open({ api, campaigns, people, ground }: Run, name: CampaignName): Promise<void> {
  // whom `c` and `d` call first is added to `a` later
  const guests = guestsOf(name, people).filter(({ kind }) => name !== 'a' || kind !== 'cap');
  if (guests.length === 0) return;
  await upload(api, campaigns.idOf[name], guests, ground.log);
  await api.startCampaign(campaigns.idOf[name]);
}

async function blacklist({ api, blacklist: entries }: Run, phones: readonly string[]): Promise<void> {
  if (phones.length === 0) return;
  await api.blacklist(phones);
  for (const phone of phones) entries.set(phone, Date.now());
}

/** Attacks until nearly everybody was dialed, then waits for the rest. False when the time was over first. */
async function fight(run: Run, attacker: Attacker): Promise<boolean> {
  const { options, startedAt } = run;
  const ceasefire = new AbortController();
  const over = new AbortController();
  const attacks = attacker.run(planAttacks(options.seed, PACE[options.pace]), ceasefire.signal);
  const errands = Promise.all([listMore(run, over.signal), addCapped(run, attacker, over.signal)]);
  // awaited below; until then a failure is only told
  for (const task of [attacks, errands]) task.catch((error: unknown) => run.ground.log(String(error)));
  const attackUntil = startedAt + options.limitMs * (1 - TAIL_SHARE);
  await until(
    run,
    attackUntil,
    (due) => due <= run.people.length * DIALED_SHARE && run.cappedAdded && Object.values(attacker.kills).every((count) => count > 0),
  );
  ceasefire.abort();
  await attacks;
  run.ground.log('the attacks have stopped');
  const settled = await until(run, startedAt + options.limitMs, (due) => due === 0);
  over.abort();
  await errands;
  return settled;
}

/** Half of those who are to be blacklisted are so only while the campaign runs. */
async function listMore(run: Run, over: AbortSignal): Promise<void> {
  const later = run.people
    .filter(({ kind, phoneE164 }) => kind === 'blacklist' && !run.listedBefore.has(phoneE164))
    .map(({ phoneE164 }) => phoneE164);
  for (const phones of [later.slice(0, later.length / 2), later.slice(later.length / 2)]) {
    await delay(PACE[run.options.pace].blacklistMs, undefined, { signal: over }).catch(() => undefined);
    if (!over.aborted) await blacklist(run, phones);
  }
}

/** Adds those who have had their calls for today to `a`, while it runs, and once Redis has been lost since: it must not be Redis alone that knows. */
async function addCapped(run: Run, attacker: Attacker, over: AbortSignal): Promise<void> {
  const guests = run.people.filter(({ kind }) => kind === 'cap');
  const earlier = [run.campaigns.idOf.c, run.campaigns.idOf.d];
  run.cappedAdded = guests.length === 0;
  let losses: number | null = null;
  while (!over.aborted && !run.cappedAdded) {
    await delay(POLL_MS, undefined, { signal: over }).catch(() => undefined);
    if (losses === null && (await run.books.duePhones(earlier).catch(() => null))?.length === 0) losses = attacker.kills.redis;
    if (over.aborted || losses === null || attacker.kills.redis === losses) continue;
    await upload(run.api, run.campaigns.idOf.a, guests, run.ground.log);
    run.cappedAdded = true;
  }
}

/** True as soon as the number of contacts that are due or in a call fulfils the condition; those prepared to be blocked do not count. */
async function until(run: Run, deadline: number, isReached: (due: number) => boolean): Promise<boolean> {
  const prepared = new Set(run.people.filter(({ kind }) => kind === 'window' || kind === 'blacklist').map(({ phoneE164 }) => phoneE164));
  for (let round = 0; Date.now() < deadline; round++) {
    try {
      const due = (await run.books.duePhones(run.campaignIds)).filter((phone) => !prepared.has(phone));
      if (round % 5 === 0) run.ground.log(`${due.length} due or in a call; ${JSON.stringify(await run.books.progress(run.campaignIds))}`);
      if (isReached(due.length) && run.cappedAdded) return true;
    } catch (error) {
      run.ground.log(`Postgres does not answer: ${error instanceof Error ? error.message : String(error)}`);
    }
    await delay(POLL_MS);
  }
  return false;
}

async function collect(
  run: Run,
  settled: boolean,
  unaccounted: number,
): Promise<RunFacts & { campaignOf(call: CarrierCall): string | null }> {
  const { simulator, books, campaigns, people, home, blacklist: entries, campaignIds, stack } = run;
  const inCalls = Date.now() + 15_000; // calls that the engine has given up may still be hung up
  while ((await simulator.openCalls()) > 0 && Date.now() < inCalls) await delay(500);
  const contactOfCall = await books.contactOfCall();
  const campaignOf = (call: CarrierCall) => contactOfCall.get(call.operationContext ?? '')?.campaignId ?? null;
  const ofCampaign = (name: CampaignName): ConcurrencyLimit => ({
    name: `campaign ${name}`,
    limit: MAX_CONCURRENT[name],
    counts: (call) => campaignOf(call) === campaigns.idOf[name],
  });
  return {
    calls: await simulator.calls(),
    rows: rowsOf(campaigns, people, run),
    contacts: await books.contacts(campaignIds),
    contactOfCall,
    campaignOf,
    callsPerContact: campaigns.settings ? PACE[run.options.pace].callsPerContact : 1,
    window: campaigns.settings ? home.window : null,
    zoneOf: new Map(people.map(({ phoneE164, zone }) => [phoneE164, zone])),
    personCap: campaigns.settings ? PERSON_CAP : null,
    limits: [...(['a', 'b', 'c', 'd'] as const).map(ofCampaign), { name: 'the fleet', limit: stack.slots, counts: () => true }],
    blacklist: entries,
    unaccounted,
    settled,
  };
}

async function report(run: Run, facts: RunFacts, attacker: Attacker): Promise<number> {
  const verdict = judge(facts);
  const { log } = run.ground;
  const result = chaosResult({
    contacts: facts.rows.filter(({ kind }) => kind !== 'earlier').length,
    noEvidence: await run.books.countNoEvidence(run.campaignIds),
    kills: attacker.kills,
    faults: await run.simulator.faults(),
    unaccounted: facts.unaccounted,
    verdict,
  });
  const failures = failuresOf(result, verdict.callable);
  for (const { rule, evidence } of verdict.violations) log(`✗ ${rule}: ${evidence}`);
  for (const failure of failures) log(`✗ ${failure}`);
  log(
    `${facts.settled ? 'settled' : 'not settled'} after ${Math.round((Date.now() - run.startedAt) / 1000)} s; logs in ${run.ground.logDir}`,
  );
  process.stdout.write(`${JSON.stringify(result)}\n`);
  return failures.length === 0 ? 0 : 1;
}
