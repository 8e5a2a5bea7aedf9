import type { BucketFlow } from './bucket-flow.js';
import type { CapacityBook } from './capacity-book.js';

interface CountryRoom {
  room: number;
  due: number;
  called: number;
}

/** The limits of each country within one span: who is due there, and how many of them may be called. */
export class CountryRooms {
  private readonly byCountry = new Map<string | null, CountryRoom>();

  constructor(flows: readonly BucketFlow[], book: CapacityBook, spanMs: number) {
    for (const { country, dueContacts } of flows) {
      const known = this.byCountry.get(country) ?? { room: book.countryRoom(country, spanMs), due: 0, called: 0 };
      this.byCountry.set(country, { ...known, due: known.due + dueContacts });
    }
  }

  /** Who is due, and how many of them their countries let through. */
  get demand(): { due: number; allowed: number } {
    let [due, allowed] = [0, 0];
    for (const country of this.byCountry.values()) {
      due += country.due;
      allowed += Math.min(country.due, country.room);
    }
    return { due, allowed };
  }

  /** The largest share of its room that a country has used: how far into the span its last call lies. */
  get usedShare(): number {
    return Math.max(0, ...[...this.byCountry.values()].map(({ called, room }) => (called === 0 ? 0 : called / room)));
  }

  leftIn(country: string | null): number {
    const known = this.byCountry.get(country);
    return known ? known.room - known.called : 0;
  }

  charge(country: string | null, calls: number): void {
    const known = this.byCountry.get(country);
    if (known) known.called += calls;
  }
}
