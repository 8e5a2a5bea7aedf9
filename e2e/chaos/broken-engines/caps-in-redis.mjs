// An engine that counts a person's calls in Redis only: whatever empties Redis lifts every cap.
import { replaceOnLoad } from './replace-on-load.mjs';

const COUNTER = `
import { Redis } from 'ioredis';
const counter = new Redis(process.env.REDIS_URL, { lazyConnect: true });
counter.on('error', () => undefined);
`;

replaceOnLoad('libs/store/dist/ledger/claim-contacts.sql.js', [
  ['jsonb_to_recordset(${jsonText(caps)}::jsonb)', "jsonb_to_recordset('[]'::jsonb)"],
]);
replaceOnLoad('libs/store/dist/ledger/gather-facts.sql.js', [
  [/^/, COUNTER],
  ['history: (history ?? [])', "history: (await counter.lrange('calls to ' + phoneE164, 0, -1)).map((entry) => JSON.parse(entry))"],
]);
replaceOnLoad('libs/store/dist/ledger/start-dialing.sql.js', [
  [/^/, COUNTER],
  [
    'return row?.started === 1;',
    `const [call] = await db.prisma.$queryRawUnsafe('SELECT phone_e164 FROM call WHERE id = $1::uuid', callId);
    const entry = JSON.stringify({ at: now, conversation: false, campaignId: null, disposition: null });
    if (row?.started === 1) await counter.rpush('calls to ' + call.phone_e164, entry);
    return row?.started === 1;`,
  ],
]);
