import { isPublicHoliday } from '../calendar/public-holidays.js';
import type { CallingCalendar } from '../calendar/calling-calendar.js';
import { CLOSED, inWords, weeklyHours, WHOLE_DAY } from '../calendar/weekly-hours.js';
import { dateOf, type LocalDay } from '../calendar/zone-offsets.js';
import { knownRegions } from '../policies/applying-rules.js';
import type { HolidaysRule, HoursRule, PolicyRule } from '../policies/policy.js';
import type { BucketFacts } from '../numbers/bucket-key.js';
import type { CampaignRules } from './dial-facts.js';

/** A calendar, and whose it is. */
export interface NamedCalendar extends CallingCalendar {
  code: 'window_closed' | 'holiday';
  rule: string | null;
  message: string;
}

/** Everything that says when the phones of a bucket may ring: the hours and holidays of the policies, and of the campaign. */
export function calendarsOf(rules: readonly PolicyRule[], campaign: CampaignRules | null, bucket: BucketFacts): NamedCalendar[] {
  const ofPolicies = rules.flatMap((rule) => {
    if (rule.kind === 'hours') return ofHours(rule, bucket);
    return rule.kind === 'holidays' && bucket.country !== null ? ofHolidays(rule, bucket.country, bucket) : [];
  });
  return campaign === null ? ofPolicies : [...ofPolicies, ...ofCampaign(campaign, bucket)];
}

function ofHours({ id, windows, zone }: HoursRule, { timeZones }: BucketFacts): NamedCalendar {
  const where = zone === null ? 'where the contact is' : `in ${zone}`;
  return {
    code: 'window_closed',
    rule: id,
    message: `${id}: calls only ${inWords(windows)} ${where}`,
    zones: zone === null ? timeZones : [zone],
    openMinutes: weeklyHours(windows),
  };
}

function ofHolidays({ id, regions }: HolidaysRule, country: string, bucket: BucketFacts): NamedCalendar {
  const known = knownRegions(bucket);
  // In the regions that the rule is about, and that the contact may be in.
  const asked = regions === null ? known : known === null ? regions : regions.filter((region) => known.includes(region));
  return {
    code: 'holiday',
    rule: id,
    message: `${id}: no calls on public holidays`,
    zones: bucket.timeZones,
    openMinutes: closedOn((date) => isPublicHoliday(date, country, asked)),
  };
}

function ofCampaign({ windows, holidays }: CampaignRules, { timeZones: zones }: BucketFacts): NamedCalendar[] {
  const calendars: NamedCalendar[] = [];
  if (windows !== null) {
    const message = `the campaign calls only ${inWords(windows)} where the contact is`;
    calendars.push({ code: 'window_closed', rule: null, message, zones, openMinutes: weeklyHours(windows) });
  }
  if (holidays.length > 0) {
    const message = 'the campaign does not call on this day';
    calendars.push({ code: 'holiday', rule: null, message, zones, openMinutes: closedOn((date) => holidays.includes(date)) });
  }
  return calendars;
}

const closedOn = (isClosed: (date: string) => boolean) => (day: LocalDay) => (isClosed(dateOf(day)) ? CLOSED : WHOLE_DAY);
