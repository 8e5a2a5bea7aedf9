/** Names that are in use for zones but say nothing about daylight saving, or are known to one system only; what their users mean. */
const MEANT: Record<string, string> = {
  ...{ est: 'America/New_York', edt: 'America/New_York', et: 'America/New_York', eastern: 'America/New_York' },
  ...{ cst: 'America/Chicago', cdt: 'America/Chicago', ct: 'America/Chicago', central: 'America/Chicago' },
  ...{ mst: 'America/Denver', mdt: 'America/Denver', mt: 'America/Denver', mountain: 'America/Denver' },
  ...{ pst: 'America/Los_Angeles', pdt: 'America/Los_Angeles', pt: 'America/Los_Angeles', pacific: 'America/Los_Angeles' },
  ...{ akst: 'America/Anchorage', akdt: 'America/Anchorage', hst: 'Pacific/Honolulu', gmt: 'Europe/London', bst: 'Europe/London' },
  ...{
    cet: 'Europe/Berlin',
    cest: 'Europe/Berlin',
    mez: 'Europe/Berlin',
    mesz: 'Europe/Berlin',
    wet: 'Europe/Lisbon',
    eet: 'Europe/Athens',
  },
  ...{ ist: 'Asia/Kolkata', jst: 'Asia/Tokyo', kst: 'Asia/Seoul', msk: 'Europe/Moscow', aest: 'Australia/Sydney' },
  'eastern standard time': 'America/New_York',
  'central standard time': 'America/Chicago',
  'mountain standard time': 'America/Denver',
  'pacific standard time': 'America/Los_Angeles',
  'w. europe standard time': 'Europe/Berlin',
  'china standard time': 'Asia/Shanghai',
  'india standard time': 'Asia/Kolkata',
};

export type ZoneReading = { zone: string } | { fault: string };

const readings = new Map<string, ZoneReading>();
/** The cells of a column of zones are few different ones; a column of something else must not fill the memory. */
const MAX_REMEMBERED = 2_000;

/** The IANA zone that a cell names, in its usual spelling; the fault with the name to use where one can be told. */
export function readTimeZone(cell: string): ZoneReading {
  const known = readings.get(cell);
  if (known) return known;
  const reading = look(cell);
  if (readings.size < MAX_REMEMBERED) readings.set(cell, reading);
  return reading;
}

function look(cell: string): ZoneReading {
  const zone = cell.includes('/') || /^utc$/i.test(cell) ? usualSpelling(cell) : null;
  if (zone !== null) return { zone };
  const meant = MEANT[cell.toLowerCase()] ?? byCity(cell);
  const fix = meant ? `write ${meant}` : 'write an IANA zone such as America/New_York, or leave it empty to go by the number';
  return { fault: `"${cell.slice(0, 40)}" is no time zone; ${fix}` };
}

function usualSpelling(cell: string): string | null {
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: cell }).resolvedOptions();
    return Intl.supportedValuesOf('timeZone').find((zone) => zone.toLowerCase() === cell.toLowerCase()) ?? timeZone;
  } catch {
    return null;
  }
}

function byCity(cell: string): string | undefined {
  const city = cell.split('/').at(-1)?.trim().toLowerCase().replaceAll(' ', '_') ?? '';
  return city === '' ? undefined : Intl.supportedValuesOf('timeZone').find((zone) => zone.toLowerCase().endsWith(`/${city}`));
}
