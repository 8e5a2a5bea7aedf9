import { placeOf } from '@carillon/campaigns';
import {
  CarillonError,
  type CallerNumberPatch,
  type CallerNumberRequest,
  type CallerNumberRest,
  type CallerNumberView,
} from '@carillon/contracts';
import { changesBetween, writeAudit, type Changes } from '../audit/audit-trail.js';
import type { CallerNumber } from '../generated/client.js';
import { storableText } from '../json.js';
import type { Store } from '../open-store.js';
import { inTransaction, type Db } from '../transaction.js';

/** Names one of the tenant's numbers, and who changes it when. */
export interface NumberChange {
  tenantId: string;
  phoneE164: string;
  actor: string;
  now: Date;
}

/** All numbers of the tenant to call from. */
export async function listNumberViews(db: Db, { tenantId }: { tenantId: string }): Promise<CallerNumberView[]> {
  const rows = await db.prisma.callerNumber.findMany({ where: { tenantId }, orderBy: { phoneE164: 'asc' } });
  return rows.map(numberView);
}

export async function findCallerNumber(db: Db, key: { tenantId: string; phoneE164: string }): Promise<CallerNumberView | null> {
  const row = await db.prisma.callerNumber.findFirst({ where: key });
  return row && numberView(row);
}

/** Throws `already_exists`. */
export function addCallerNumber(
  store: Store,
  { tenantId, actor, request, now }: { tenantId: string; actor: string; request: CallerNumberRequest; now: Date },
): Promise<CallerNumberView> {
  return inTransaction(store, async (transaction) => {
    const { phone_number: phoneE164, ...fields } = request;
    const data = { tenantId, phoneE164, ...columnsOf(fields), ...placeColumns(request), createdAt: now };
    const { count } = await transaction.prisma.callerNumber.createMany({ data: [data], skipDuplicates: true });
    if (count === 0)
      throw new CarillonError('already_exists', [{ field: 'phone_number', message: `${phoneE164} is there; change it with PATCH` }]);
    await audit(transaction, { tenantId, phoneE164, actor, now }, 'create', changesBetween({}, fields));
    return existing(transaction, { tenantId, phoneE164 });
  });
}

/** Throws `not_found`, as all that follow. */
export function updateCallerNumber(store: Store, change: NumberChange, patch: CallerNumberPatch): Promise<CallerNumberView> {
  return changeNumber(store, change, 'update', columnsOf(patch));
}

/** Nobody is called from it before an instant. */
export function restCallerNumber(store: Store, change: NumberChange, { until, reason }: CallerNumberRest): Promise<CallerNumberView> {
  return changeNumber(store, change, 'rest', { restingUntil: new Date(until), restReason: storableText(reason) });
}

/** It may be used again at once, and its past counts no more. */
export function wakeCallerNumber(store: Store, change: NumberChange): Promise<CallerNumberView> {
  return changeNumber(store, change, 'wake', { restingUntil: null, restReason: null, rests: 0 });
}

export function removeCallerNumber(store: Store, change: NumberChange): Promise<void> {
  return inTransaction(store, async (transaction) => {
    const { tenantId, phoneE164 } = change;
    const before = await existing(transaction, change);
    await transaction.prisma.callerNumber.deleteMany({ where: { tenantId, phoneE164 } });
    await audit(transaction, change, 'remove', { number: { from: before, to: null } });
  });
}

type NumberColumns = Partial<Omit<CallerNumber, 'tenantId' | 'phoneE164' | 'createdAt'>>;

function columnsOf({ country, region, max_concurrent, daily_cap, enabled }: CallerNumberPatch): NumberColumns {
  return {
    ...(country === undefined ? {} : { country }),
    ...(region === undefined ? {} : { region: region === null ? null : storableText(region) }),
    ...(max_concurrent === undefined ? {} : { maxConcurrent: max_concurrent }),
    ...(daily_cap === undefined ? {} : { dailyCap: daily_cap }),
    ...(enabled === undefined ? {} : { enabled }),
  };
}

/** What the number itself says stands in for what was not given; a number of several states is local to none. */
function placeColumns({ phone_number, country, region }: CallerNumberRequest): { country: string | null; region: string | null } {
  const place = placeOf(phone_number);
  const [only = null] = place.regions.length === 1 ? place.regions : [];
  return { country: country ?? place.country, region: region ?? only };
}

function changeNumber(store: Store, change: NumberChange, action: string, data: NumberColumns): Promise<CallerNumberView> {
  return inTransaction(store, async (transaction) => {
    const { tenantId, phoneE164 } = change;
    const before = await existing(transaction, change);
    await transaction.prisma.callerNumber.updateMany({ where: { tenantId, phoneE164 }, data });
    const after = await existing(transaction, change);
    await audit(transaction, change, action, changesBetween(before, after));
    return after;
  });
}

async function existing(db: Db, { tenantId, phoneE164 }: { tenantId: string; phoneE164: string }): Promise<CallerNumberView> {
  const number = await findCallerNumber(db, { tenantId, phoneE164 });
  if (number) return number;
  throw new CarillonError('not_found', [{ field: 'phone', message: `${phoneE164} is none of your numbers; add it with POST /numbers` }]);
}

function audit(transaction: Db, { tenantId, phoneE164, actor, now }: NumberChange, action: string, changes: Changes): Promise<void> {
  return writeAudit(transaction, { tenantId, actor, action, subject: 'number', subjectId: phoneE164, changes, at: now });
}

function numberView(row: CallerNumber): CallerNumberView {
  return {
    phone_number: row.phoneE164,
    country: row.country,
    region: row.region,
    max_concurrent: row.maxConcurrent,
    daily_cap: row.dailyCap,
    enabled: row.enabled,
    resting: row.restingUntil && { until: row.restingUntil.toISOString(), reason: row.restReason ?? '' },
    created_at: row.createdAt.toISOString(),
  };
}
