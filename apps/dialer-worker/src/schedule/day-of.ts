const formats = new Map<string, Intl.DateTimeFormat>();

/** The date that the calendar of a zone shows at an instant, as midnight UTC of that date: how Postgres' `date` comes and goes. */
export function dayOf(timeZone: string, moment: Date): Date {
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  formats.set(timeZone, format);
  return new Date(`${format.format(moment)}T00:00:00Z`);
}
