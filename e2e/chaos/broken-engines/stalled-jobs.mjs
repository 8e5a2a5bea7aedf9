// An engine that trusts the queue to run a job once: BullMQ's default gives the job of a dead worker to another one, and the job dials.
// Without the second change the default does no harm: the ledger lets a call out of `reserved` once.
import { replaceOnLoad } from './replace-on-load.mjs';

replaceOnLoad('libs/contracts/dist/jobs.js', [
  [
    'dial: define({ payload: callJob, attempts: 1, backoffMs: 0, maxStalledCount: 0',
    'dial: define({ payload: callJob, attempts: 1, backoffMs: 0, maxStalledCount: 1',
  ],
]);
replaceOnLoad('apps/dialer-worker/dist/dial/dial-call.js', [["call?.state !== 'reserved'", "!call || call.state === 'released'"]]);
replaceOnLoad('apps/dialer-worker/dist/dial/place-call.js', [['now() >= call.notAfter', 'false']]);
replaceOnLoad('libs/store/dist/ledger/start-dialing.sql.js', [
  [/AND state = 'reserved'[\s\S]*?(?=\s+AND \(campaign_id IS NULL)/, "AND state <> 'released'"],
]);
