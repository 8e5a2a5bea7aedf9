import { callerNumberRequestSchema, DEFAULT_TENANT_SETTINGS, tenantSettingsSchema } from '@carillon/contracts';
import { openTestDatabase, type TestDatabase } from '@carillon/testing';
import { listAudit } from '../audit/audit-trail.js';
import { findTenantSettings, storeTenantSettings } from '../tenants/tenant-settings.js';
import {
  addCallerNumber,
  listNumberViews,
  removeCallerNumber,
  restCallerNumber,
  updateCallerNumber,
  wakeCallerNumber,
} from './caller-numbers.js';

const tenantId = 'default';
const NOW = new Date('2026-03-02T09:00:00Z');

let database: TestDatabase;
beforeAll(async () => (database = await openTestDatabase()));
afterAll(() => database.close());

const add = (phone: string, more: object = {}) =>
  addCallerNumber(database.store, {
    tenantId,
    actor: 'ops',
    request: callerNumberRequestSchema.parse({ phone_number: phone, ...more }),
    now: NOW,
  });
const change = (phoneE164: string, tenant = tenantId) => ({ tenantId: tenant, phoneE164, actor: 'ops', now: NOW });

describe('a number to call from', () => {
  it('knows its country and its state by itself', async () => {
    expect(await add('+14155550123')).toMatchObject({ country: 'US', region: 'CA', enabled: true, resting: null, max_concurrent: null });
    expect(await add('+442079460123')).toMatchObject({ country: 'GB', region: null });
    expect(await add('+13105550123', { region: 'NV', daily_cap: 50 })).toMatchObject({ country: 'US', region: 'NV', daily_cap: 50 });
    await expect(add('+14155550123')).rejects.toMatchObject({ code: 'already_exists' });
  });

  it('is changed, put to rest and woken, and each is written down', async () => {
    const phone = '+14155550124';
    await add(phone);
    const { store } = database;
    expect(await updateCallerNumber(store, change(phone), { daily_cap: 20, enabled: false })).toMatchObject({
      daily_cap: 20,
      enabled: false,
      region: 'CA',
    });
    const rest = { until: '2026-03-09T09:00:00Z', reason: 'marked as spam' };
    expect(await restCallerNumber(store, change(phone), rest)).toMatchObject({
      resting: { until: '2026-03-09T09:00:00.000Z', reason: 'marked as spam' },
    });
    expect(await wakeCallerNumber(store, change(phone))).toMatchObject({ resting: null });
    await removeCallerNumber(store, change(phone));
    const { items } = await listAudit(store, { tenantId, subject: 'number', subjectId: phone, limit: 10 });
    expect(items.map(({ action }) => action)).toEqual(['remove', 'wake', 'rest', 'update', 'create']);
    expect(items[3]?.changes).toEqual({ daily_cap: { from: null, to: 20 }, enabled: { from: true, to: false } });
  });

  it('of one tenant is none of another’s', async () => {
    await add('+14155550125');
    expect(await listNumberViews(database.store, { tenantId: 'other' })).toEqual([]);
    await expect(updateCallerNumber(database.store, change('+14155550125', 'other'), { enabled: false })).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(removeCallerNumber(database.store, change('+14155550125', 'other'))).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('the limits of a tenant', () => {
  it('are none until some are set, and are replaced as a whole', async () => {
    const { store } = database;
    expect(await findTenantSettings(store, { tenantId: 'new' })).toEqual(DEFAULT_TENANT_SETTINGS);
    const settings = tenantSettingsSchema.parse({
      time_zone: 'Europe/Paris',
      daily_cap: 200,
      countries: { FR: { calls_per_second: 2 } },
      policies: 'fr',
    });
    await storeTenantSettings(store, { tenantId: 'new', actor: 'ops', settings, now: NOW });
    expect(await findTenantSettings(store, { tenantId: 'new' })).toEqual({
      ...{ time_zone: 'Europe/Paris', max_concurrent: null, calls_per_second: null, daily_cap: 200, policies: ['fr'] },
      countries: { FR: { calls_per_second: 2, max_concurrent: null } },
    });
    await storeTenantSettings(store, { tenantId: 'new', actor: 'ops', settings: DEFAULT_TENANT_SETTINGS, now: NOW });
    expect(await findTenantSettings(store, { tenantId: 'new' })).toEqual(DEFAULT_TENANT_SETTINGS);
    const { items } = await listAudit(store, { tenantId: 'new', subject: 'tenant', subjectId: 'new', limit: 10 });
    expect(items).toHaveLength(2);
  });
});
