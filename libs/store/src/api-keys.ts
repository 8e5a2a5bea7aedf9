import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Db } from './transaction.js';

export const API_ROLES = ['viewer', 'operator', 'admin'] as const;
export type ApiRole = (typeof API_ROLES)[number];

/** Who a request comes from. */
export interface ApiIdentity {
  keyId: string;
  tenantId: string;
  role: ApiRole;
  /** What it is called: the actor of what it changes. */
  label: string;
}

/** Makes a key and answers it once: only its hash is stored. */
export async function createApiKey(
  db: Db,
  input: { tenantId: string; label: string; role: ApiRole },
): Promise<{ keyId: string; key: string }> {
  const key = `crl_${randomBytes(32).toString('base64url')}`;
  const { id } = await db.prisma.apiKey.create({ data: { id: randomUUID(), keyHash: hashApiKey(key), ...input } });
  return { keyId: id, key };
}

/** `null` for a key that never was or was revoked. */
export async function findApiIdentity(db: Db, key: string): Promise<ApiIdentity | null> {
  const row = await db.prisma.apiKey.findFirst({ where: { keyHash: hashApiKey(key), revokedAt: null } });
  return row && { keyId: row.id, tenantId: row.tenantId, role: row.role, label: row.label };
}

export async function revokeApiKey(db: Db, input: { tenantId: string; keyId: string; now: Date }): Promise<void> {
  await db.prisma.apiKey.updateMany({
    where: { id: input.keyId, tenantId: input.tenantId, revokedAt: null },
    data: { revokedAt: input.now },
  });
}

/** SHA-256, hex. Keys hold 256 random bits, so a slow hash would add nothing. */
export function hashApiKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
