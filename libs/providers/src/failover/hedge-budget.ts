/** So many saved-up hedges may be spent in a row. */
const MOST_SAVED = 5;

/** Lets through at most `share` of the requests, evenly: each request saves up a part of a hedge. */
export class HedgeBudget {
  readonly #share: number;
  #saved = 0;

  constructor(share: number) {
    this.#share = share;
  }

  addRequest(): void {
    this.#saved = Math.min(MOST_SAVED, this.#saved + this.#share);
  }

  get allows(): boolean {
    return this.#saved > 1 - 1e-9; // twenty times 0.05 is a little less than one
  }

  spend(): void {
    this.#saved -= 1;
  }
}
