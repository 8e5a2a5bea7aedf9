/** What a model makes up is asked for once; what comes again among so many texts is worth keeping. */
const MOST_REMEMBERED = 4_096;

/** Remembers by their keys which texts were asked for before. */
export class AskedTexts {
  readonly #keys = new Map<string, { wanted: boolean }>();

  /** Asked for: from the second time on it is worth keeping. */
  ask(key: string): void {
    this.#note(key, this.#keys.has(key));
  }

  /** Worth keeping from the first time on. */
  want(key: string): void {
    this.#note(key, true);
  }

  isWanted(key: string): boolean {
    return this.#keys.get(key)?.wanted ?? false;
  }

  #note(key: string, wanted: boolean): void {
    this.#keys.delete(key);
    this.#keys.set(key, { wanted });
    if (this.#keys.size <= MOST_REMEMBERED) return;
    for (const oldest of this.#keys.keys()) {
      this.#keys.delete(oldest);
      break;
    }
  }
}
