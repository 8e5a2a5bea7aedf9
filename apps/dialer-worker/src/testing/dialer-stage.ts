import { randomUUID } from 'node:crypto';
import { DEFAULT_CAMPAIGN_SETTINGS, type CampaignSettings, type CampaignStatus, type LiveEvent } from '@carillon/contracts';
import { openCoordination, type Conveyor, type Coordination } from '@carillon/coordination';
import { createLogger, createMetrics, noFailpoints } from '@carillon/platform';
import { closeMedia, createCall, insertCarrierEvent, type LedgerCall, type MediaOutcome, type Store } from '@carillon/store';
import { createCallTokens, type CarrierEvent, type CarrierResult } from '@carillon/telephony';
import type { TestDatabase } from '@carillon/testing';
import { composeDialer, type Dialer } from '../compose-dialer.js';
import type { AccountLimits } from '../dial/admission-scopes.js';
import { createCallAddresses } from '../dial/call-addresses.js';
import { createDialerMetrics } from '../dialer-metrics.js';
import type { JsonModel } from '../wrap-up/synthesise-call.js';
import { clockedAdmission } from './clocked-admission.js';
import { FakeCarrier } from './fake-carrier.js';
import { INITIATE } from './initiate.js';
import { InlineConveyor } from './inline-conveyor.js';

const tenantId = 'default';

/** Nobody is called twice, unless a test is about that. */
const ONE_CALL = { ...DEFAULT_CAMPAIGN_SETTINGS.retry, max_attempts: 1 };

export interface CampaignOverrides {
  status?: CampaignStatus;
  maxConcurrent?: number;
  policy?: string;
  settings?: Partial<CampaignSettings>;
  bucket?: Partial<{ country: string; regions: string[]; timeZones: string[]; consent: string }>;
  startsAt?: Date;
  endsAt?: Date;
}

type Told = { type: CarrierEvent['type']; connectionId?: string; result?: CarrierResult; id?: string; at?: Date };

/** A dialer on a real database and a real Redis of its own, with a scripted carrier and model, a clock that the test turns, and jobs that it runs. */
export class DialerStage {
  readonly carrier = new FakeCarrier();
  readonly conveyor = new InlineConveyor();
  readonly events: LiveEvent[] = [];
  readonly metrics = createMetrics('test');
  readonly asked: unknown[] = [];
  readonly dialer: Dialer;
  readonly account: AccountLimits = { maxConcurrent: null, callsPerSecond: null, dailyCap: null };
  readonly #queues: Pick<Conveyor, 'enqueue' | 'enqueueAll'>;
  /** The dialer's time; begins with the real one, since the database stamps what comes in with that. */
  now = new Date();

  private constructor(
    readonly store: Store,
    readonly coordination: Coordination,
    /** As if Redis had lost everything. */
    readonly loseRedis: () => Promise<void>,
    conveyor: Pick<Conveyor, 'enqueue' | 'enqueueAll'> | undefined,
  ) {
    this.#queues = conveyor ?? this.conveyor;
    const { fleet, calls } = coordination;
    const admission = clockedAdmission(coordination.admission, () => this.now);
    const live = {
      publish: async (event: LiveEvent) => {
        this.events.push(event);
        await coordination.live.publish(event);
      },
    };
    const model: JsonModel = {
      completeJson: async (request) => {
        this.asked.push(request);
        return { short: 'Fine.', long: 'It went well.', satisfaction: 'high', improvement_suggestions: 'None.' };
      },
    };
    this.dialer = composeDialer({
      ...{ store, carrier: this.carrier, model, now: () => this.now },
      coordination: { fleet, calls, admission, live, conveyor: this.#queues },
      addressOf: createCallAddresses({
        ...{ publicApiUrl: 'http://api.test', publicMediaUrl: 'ws://media.test', sourceNumbers: ['+14155550111'] },
        sampleRate: 16_000,
        tokens: createCallTokens('a secret of at least thirty-two characters'),
      }),
      account: this.account,
      sourceNumbers: ['+14155550111'],
      reach: noFailpoints,
      wait: async (ms) => this.advance(ms),
      random: () => 0.5,
      metrics: createDialerMetrics(this.metrics),
      log: createLogger('test', { level: 'silent', pii: false }),
    });
  }

  /** On an empty database. `realQueues`: jobs go through BullMQ, and the test opens the workers itself. */
  static async open({ store, redisUrl, prefix, forgetKeys }: TestDatabase, options: { realQueues?: boolean } = {}): Promise<DialerStage> {
    await store.pool.query(
      'TRUNCATE campaign, contact_import, contact_bucket, contact, conversation, call, in_flight, message, carrier_event, dial_counter, blacklist_entry, caller_number, scheduled_call, audit_entry',
    );
    await store.prisma.tenant.update({ where: { id: tenantId }, data: { settings: {} } });
    const onError = (error: Error) => {
      throw error;
    };
    const ownPrefix = `${prefix}:${randomUUID()}`;
    const coordination = openCoordination({ redisUrl, name: 'test', prefix: ownPrefix, onError });
    const stage = new DialerStage(store, coordination, () => forgetKeys(ownPrefix), options.realQueues ? coordination.conveyor : undefined);
    await stage.giveSlots(20);
    await stage.dialer.tick(); // opens an epoch in the empty Redis
    return stage;
  }

  close(): Promise<void> {
    return this.coordination.close();
  }

  giveSlots(slots: number): Promise<void> {
    return this.coordination.fleet.announce({ workerId: 'media', slots });
  }

  async campaign(phones: readonly string[], overrides: CampaignOverrides = {}): Promise<string> {
    const {
      status = 'running',
      maxConcurrent = 10,
      policy = 'none',
      settings = {},
      bucket: place = {},
      startsAt = null,
      endsAt = null,
    } = overrides;
    const [id, importId] = [randomUUID(), randomUUID()];
    const campaign = { id, tenantId, name: 'spring', policies: [policy], defaultRegion: 'US', status, startedAt: this.now };
    const limits = { maxConcurrent, ringTimeoutMs: 30_000, maxCallMs: 60_000, startsAt, endsAt };
    await this.store.prisma.campaign.create({
      data: {
        ...campaign,
        ...limits,
        initiate: { ...INITIATE, claim: [], lang: { ...INITIATE.lang } } as object,
        settings: { retry: ONE_CALL, ...settings } as object,
      },
    });
    const counts = { total: phones.length, imported: phones.length };
    await this.store.prisma.contactImport.create({ data: { id: importId, tenantId, campaignId: id, state: 'done', ...counts } });
    const bucket = await this.store.prisma.contactBucket.create({
      data: { tenantId, campaignId: id, key: 'a', country: 'US', regions: [], timeZones: ['UTC'], ...place },
    });
    const contact = (phoneE164: string) => ({
      tenantId,
      bucketId: bucket.id,
      campaignId: id,
      importId,
      phoneE164,
      variables: { name: 'Jane' },
      nextAt: this.now,
    });
    await this.store.prisma.contact.createMany({ data: phones.map(contact) });
    return id;
  }

  /** As `POST /call` does it; answers the call's id. */
  async restCall(phoneE164: string): Promise<string> {
    const times = { ringTimeoutMs: 30_000, maxCallMs: 60_000, now: this.now, notAfter: new Date(this.now.getTime() + 30_000) };
    const callId = await createCall(this.store, {
      ...{ tenantId, phoneE164, initiate: INITIATE, account: this.account, traceparent: null },
      ...times,
    });
    await this.#queues.enqueue('dial', { tenantId, callId });
    return callId;
  }

  /** Calls charged so far, by scope; of all days, or of one (YYYY-MM-DD). */
  async charged(day?: string): Promise<Record<string, number>> {
    const rows = await this.store.prisma.dialCounter.findMany({ where: day === undefined ? {} : { day: new Date(day) } });
    const charged: Record<string, number> = {};
    for (const { scope, used } of rows) charged[scope] = (charged[scope] ?? 0) + used;
    return charged;
  }

  advance(ms: number): void {
    this.now = new Date(this.now.getTime() + ms);
  }

  /** One turn of the engine: schedule, then all jobs. */
  async turn(): Promise<void> {
    await this.dialer.tick();
    await this.conveyor.run(this.dialer.handlers);
  }

  /** One run of the reaper, then all jobs. */
  async reap(): Promise<void> {
    await this.dialer.reap();
    await this.conveyor.run(this.dialer.handlers);
  }

  /** The carrier posts an event, once or more often; the api writes it to the inbox. */
  async post(callId: string, { type, result, id = randomUUID(), ...told }: Told): Promise<void> {
    const connectionId = told.connectionId ?? this.carrier.connectionOf(callId);
    const payload = { id, at: (told.at ?? this.now).toISOString(), connectionId, carrierType: type, type, ...(result ? { result } : {}) };
    await insertCarrierEvent(this.store, { tenantId, id, callId, type, payload, traceparent: null });
    await this.#queues.enqueue('carrier-event', { tenantId, eventId: id });
  }

  async tell(callId: string, told: Told): Promise<void> {
    await this.post(callId, told);
    await this.conveyor.run(this.dialer.handlers);
  }

  /** As the media worker writes it. */
  async mediaCloses(callId: string, outcome: Omit<MediaOutcome, 'closedAt'>): Promise<void> {
    const { tenantId } = await this.store.prisma.call.update({ where: { id: callId }, data: { mediaEpoch: 1 } });
    await closeMedia(this.store, { tenantId, callId, epoch: 1 }, { ...outcome, closedAt: this.now });
  }

  calls(where: Partial<Pick<LedgerCall, 'campaignId' | 'phoneE164'>> = {}) {
    const { campaignId, phoneE164 } = where;
    const filter = { ...(campaignId === undefined ? {} : { campaignId }), ...(phoneE164 === undefined ? {} : { phoneE164 }) };
    return this.store.prisma.call.findMany({ where: filter, orderBy: [{ createdAt: 'asc' }, { phoneE164: 'asc' }] });
  }

  contacts(campaignId: string) {
    return this.store.prisma.contact.findMany({ where: { campaignId }, orderBy: { id: 'asc' } });
  }

  async metric(name: string): Promise<number> {
    const metric = await this.metrics.getSingleMetric(name)?.get();
    return metric?.values.reduce((sum, { value }) => sum + value, 0) ?? 0;
  }
}
