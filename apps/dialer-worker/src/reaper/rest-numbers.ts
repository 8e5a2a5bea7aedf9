import { numberHealth, type NumberTally } from '@carillon/campaigns';
import type { Logger } from '@carillon/platform';
import { listNumberRecords, restNumber, type NumberRecord, type Store } from '@carillon/store';
import { after, before, type Now } from '../clock.js';
import { createLookPace } from '../look-pace.js';
import type { ReaperStep } from './reaper.js';

const LOOK_EVERY_MS = 60_000;
/** A number is judged by its calls of a day. */
const SPAN_MS = 86_400_000;

/** Our numbers that are answered less often than the others, or are refused: they rest for some hours, longer each time. */
export function createRestNumbers({ store, log, now }: { store: Store; log: Logger; now: Now }): ReaperStep {
  const pace = createLookPace(LOOK_EVERY_MS);
  return {
    name: 'caller numbers',
    async run() {
      const moment = now();
      const records = (await pace.look(moment, () => listNumberRecords(store, before(moment, SPAN_MS), moment))) ?? [];
      for (const record of records) {
        const health = numberHealth(record.tally, othersOf(record, records), record.rests);
        if (health === 'good') continue;
        const { tenantId, phoneE164 } = record;
        await restNumber(store, record, { until: after(moment, health.restMs), reason: health.message });
        log.warn(
          { tenantId, pii: { phoneE164 }, reason: health.reason, restMs: health.restMs },
          'one of our numbers rests: its calls come to less than those of the others',
        );
      }
    },
  };
}

function othersOf(own: NumberRecord, records: readonly NumberRecord[]): NumberTally {
  const others = records.filter((each) => each.tenantId === own.tenantId && each.phoneE164 !== own.phoneE164);
  const sum = (part: keyof NumberTally) => others.reduce((total, { tally }) => total + tally[part], 0);
  return { calls: sum('calls'), answered: sum('answered'), refused: sum('refused') };
}
