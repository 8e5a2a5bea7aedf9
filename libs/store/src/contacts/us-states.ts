/** Zones of the states (49 CFR 71): east, central, mountain, pacific; Arizona, Alaska, its islands, Hawaii; the territories: Atlantic, Samoa, Chamorro. */
const ZONES: Record<string, string> = {
  ...{ E: 'America/New_York', C: 'America/Chicago', M: 'America/Denver', P: 'America/Los_Angeles' },
  ...{ Z: 'America/Phoenix', A: 'America/Anchorage', D: 'America/Adak', H: 'Pacific/Honolulu' },
  ...{ T: 'America/Puerto_Rico', S: 'Pacific/Pago_Pago', G: 'Pacific/Guam' },
};

const STATES =
  'Alabama AL C|Alaska AK AD|Arizona AZ ZM|Arkansas AR C|California CA P|Colorado CO M|Connecticut CT E|Delaware DE E|District of Columbia DC E|' +
  'Florida FL EC|Georgia GA E|Hawaii HI H|Idaho ID MP|Illinois IL C|Indiana IN EC|Iowa IA C|Kansas KS CM|Kentucky KY EC|Louisiana LA C|Maine ME E|' +
  'Maryland MD E|Massachusetts MA E|Michigan MI EC|Minnesota MN C|Mississippi MS C|Missouri MO C|Montana MT M|Nebraska NE CM|Nevada NV PM|' +
  'New Hampshire NH E|New Jersey NJ E|New Mexico NM M|New York NY E|North Carolina NC E|North Dakota ND CM|Ohio OH E|Oklahoma OK C|Oregon OR PM|' +
  'Pennsylvania PA E|Rhode Island RI E|South Carolina SC E|South Dakota SD CM|Tennessee TN EC|Texas TX CM|Utah UT M|Vermont VT E|Virginia VA E|' +
  'Washington WA P|Washington DC DC E|Washington D.C. DC E|West Virginia WV E|Wisconsin WI C|Wyoming WY M|' +
  'Puerto Rico PR T|U.S. Virgin Islands VI T|US Virgin Islands VI T|Virgin Islands VI T|Guam GU G|American Samoa AS S|Northern Mariana Islands MP G';

/** A state of the USA, or one of its territories: its two letters, and the zones that lie in it. */
export interface UsState {
  code: string;
  timeZones: readonly string[];
}

const BY_NAME = new Map(
  STATES.split('|').flatMap((entry): [string, UsState][] => {
    const words = entry.split(' ');
    const timeZones = [...(words.pop() ?? '')].flatMap((letter) => ZONES[letter] ?? []);
    const code = words.pop() ?? '';
    return [code, words.join(' ')].map((name): [string, UsState] => [name.toLowerCase(), { code, timeZones }]);
  }),
);

/** The state or territory that a cell names by its name or its code ("Florida", "fl", "US-FL"); null when it is none. */
export function readUsState(cell: string): UsState | null {
  const text = cell.trim().toLowerCase();
  return BY_NAME.get(text.startsWith('us-') ? text.slice(3) : text) ?? null;
}
