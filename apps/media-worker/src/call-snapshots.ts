import type { CallDesk } from '@carillon/coordination';
import { SNAPSHOT_VERSION } from '@carillon/pipeline';
import type { CallIdentity } from '@carillon/telephony';
import type { CallSnapshots, KeptCall } from './ports.js';

/** Calls in mid-air, in Redis beside their contexts. It holds what was said: it goes with the call, and expires by itself. */
export function createCallSnapshots(desk: Pick<CallDesk, 'keepSnapshot' | 'dropSnapshot'>): CallSnapshots {
  return {
    keep: (owner, call, expiryMs) => (call === null ? desk.dropSnapshot(owner) : desk.keepSnapshot(owner, JSON.stringify(call), expiryMs)),
  };
}

/** Undefined where there is none, or one that this version cannot read: a fleet is never of one version while it is updated. */
export async function loadKeptCall(desk: Pick<CallDesk, 'getSnapshot'>, call: CallIdentity): Promise<KeptCall | undefined> {
  const json = await desk.getSnapshot(call);
  const kept = json === null ? null : (JSON.parse(json) as KeptCall);
  if (kept?.turns.version !== SNAPSHOT_VERSION) return undefined;
  const unwritten = kept.unwritten.map((message) => ({ ...message, createdAt: new Date(message.createdAt) }));
  return { ...kept, unwritten };
}
