const EVERY_MS = 2_000;
const TIMEOUT_MS = 1_500;

/** Reads a gauge of several processes again and again, and keeps the highest value that any of them ever showed. */
export class GaugeWatch {
  max = 0;
  samples = 0;
  readonly #timer: NodeJS.Timeout;

  constructor(
    private readonly name: string,
    private readonly services: readonly { url: string }[],
  ) {
    this.#timer = setInterval(() => void this.#sample(), EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #sample(): Promise<void> {
    for (const { url } of this.services) {
      const text = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(TIMEOUT_MS) }).then(
        (answer) => answer.text(),
        () => '', // dead or frozen right now
      );
      for (const value of valuesOf(text, this.name)) {
        this.samples++;
        this.max = Math.max(this.max, value);
      }
    }
  }
}

/** Of a Prometheus text, the values of that metric, whatever their labels. */
export function valuesOf(text: string, name: string): number[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
    .map((line) => Number(line.slice(line.lastIndexOf(' ') + 1)));
}
