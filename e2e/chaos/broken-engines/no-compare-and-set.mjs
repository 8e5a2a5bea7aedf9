// An engine that looks before it leaps and does not look again: the row is set to `dialing` whatever has become of it, and however late it is.
import { replaceOnLoad } from './replace-on-load.mjs';

replaceOnLoad('apps/dialer-worker/dist/dial/place-call.js', [['now() >= call.notAfter', 'false']]);
replaceOnLoad('libs/store/dist/ledger/start-dialing.sql.js', [[/AND state = 'reserved'[\s\S]*?(?=\s+RETURNING)/, '']]);
