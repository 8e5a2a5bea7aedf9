import { randomUUID } from 'node:crypto';
import type { Store } from '@carillon/store';

/** People of one bucket of a campaign, as an import that is done leaves them: waiting, due at `now`. Answers their contacts' ids. */
export async function addContacts(
  store: Store,
  { tenantId, campaignId, phones, now }: { tenantId: string; campaignId: string; phones: readonly string[]; now: Date },
): Promise<bigint[]> {
  const { prisma } = store;
  const base = { tenantId, campaignId };
  const importId = randomUUID();
  await prisma.contactImport.create({ data: { id: importId, ...base, state: 'done', total: phones.length, imported: phones.length } });
  const place = { country: 'US', regions: ['CA'], timeZones: ['America/Los_Angeles'] };
  const key = 'US|CA|America/Los_Angeles|';
  const bucket = await prisma.contactBucket.upsert({
    where: { campaignId_key: { campaignId, key } },
    create: { ...base, key, ...place },
    update: {},
  });
  const rows = phones.map((phoneE164) => ({
    ...base,
    importId,
    bucketId: bucket.id,
    phoneE164,
    variables: {},
    nextAt: now,
    createdAt: now,
  }));
  const contacts = await prisma.contact.createManyAndReturn({ data: rows, select: { id: true } });
  return contacts.map(({ id }) => id);
}
