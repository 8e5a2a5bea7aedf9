import { baseLanguage, type CallContext } from '@carillon/contracts';
import {
  isTranslated,
  textsToTranslate,
  TranslationRefused,
  translateTexts,
  type Clock,
  type LineBook,
  type LlmProvider,
  type Ms,
  type TextsToTranslate,
} from '@carillon/pipeline';
import type { Logger } from '@carillon/platform';
import { ProviderError } from '@carillon/providers';
import type { Translation, TranslationScope, TranslationStore } from './ports.js';
import type { TranslationMetrics } from './translation-metrics.js';
import { TranslationQueue, type TranslationJob } from './translation-queue.js';

/** A hundred languages, and some thousand texts of operators. What falls out is read again. */
const MAX_TEXTS = 5_000;
const MAX_WORKS = 2_000;
/** Within this time a correction that a person has made is said. */
const REREAD_MS: Ms = 5 * 60_000;
/** Another worker may have translated by now what could not be had here. */
const REREAD_MISSING_MS: Ms = 30_000;
/** After a failure, and twice as long after each further one. */
const REST_MS: Ms = 30_000;
/** A model that is away comes back; one that cannot do a text will hardly learn it within the hour. */
const LONGEST_REST_MS: Ms = 5 * 60_000;
const LONGEST_REST_OF_TEXT_MS: Ms = 60 * 60_000;

export interface TranslatedLinesOptions {
  store: TranslationStore;
  llm: LlmProvider;
  clock: Clock;
  metrics: TranslationMetrics;
  log: Logger;
}

/** What is to be translated together, over the calls that want it. */
interface Work extends TranslationJob {
  running: Promise<void> | undefined;
  readAgainAt: Ms;
  askAgainAt: Ms;
  /** Times in a row that nothing came of it for a reason of its own. */
  refused: number;
  /** All of it was in memory when it was last seen to. */
  complete: boolean;
}

/**
 * What calls say in languages that have no texts of their own: in memory, read from Postgres, or translated by the model once (other workers may do it at the same time; the first row in Postgres is what all say). All of it happens ahead of the calls;
 * a call that begins takes what is in memory. Nothing fails because of it: without translations a call speaks English.
 */
export class TranslatedLines implements LineBook {
  private readonly texts = new Map<string, string>();
  private readonly works = new Map<string, Work>();
  private readonly queue = new TranslationQueue();
  private readonly stopped = new AbortController();
  private readonly saidSo = new Set<string>();
  /** Of the model, whatever it is asked for. */
  private askAgainAt: Ms = -Infinity;
  private failures = 0;

  constructor(private readonly options: TranslatedLinesOptions) {}

  find(language: string, text: string, tenantId: string | null): string | undefined {
    return this.texts.get(keyOf({ tenantId, language }, text));
  }

  /** The book as one call uses it: a language that it wants to speak and for which something is missing is counted, once, and said once per process. */
  bookOfCall(): LineBook {
    const missed = new Set<string>();
    return {
      find: (language, text, tenantId) => {
        const found = this.find(language, text, tenantId);
        if (found === undefined && !missed.has(language)) this.miss(language);
        if (found === undefined) missed.add(language);
        return found;
      },
    };
  }

  /** Resolves when what the call says in its first language is there, or cannot be had now. Never rejects. `isRinging`: somebody may pick up any moment. */
  async prepare(context: CallContext, isRinging = true): Promise<void> {
    if (this.stopped.signal.aborted) return;
    const wanted = textsToTranslate(context).map((texts) => ({ texts, ready: this.ready(texts, texts.urgent && isRinging) }));
    await Promise.all(wanted.flatMap(({ texts, ready }) => (texts.urgent ? ready : [])));
  }

  stop(): void {
    this.stopped.abort();
    this.queue.stop();
  }

  private miss(language: string): void {
    const label = languageLabel(language);
    this.options.metrics.untranslated.inc({ language: label });
    if (this.saidSo.has(label)) return;
    this.saidSo.add(label);
    this.options.log.warn({ language }, 'a call has no lines in its language yet and does without');
  }

  private ready(wanted: TextsToTranslate, isUrgent: boolean): Promise<void> {
    const work = this.workOf(wanted);
    work.urgent = isUrgent || (work.urgent && work.running !== undefined);
    const isThere = isTranslated(wanted, this);
    const isLost = work.complete && !isThere; // it had to make room in memory
    if (work.running === undefined && (isLost || this.options.clock.now() >= work.readAgainAt)) {
      work.running = this.provide(wanted, work).finally(() => (work.running = undefined));
    }
    return isThere ? Promise.resolve() : (work.running ?? Promise.resolve());
  }

  private workOf(wanted: TextsToTranslate): Work {
    const { by, tenantId, from, to, personal, texts } = wanted;
    const key = JSON.stringify([by, tenantId, from, to, personal, Object.values(texts)]);
    const known = this.works.get(key);
    if (known) return known;
    for (const [oldest, { running }] of this.works) {
      if (this.works.size < MAX_WORKS) break;
      if (running === undefined) this.works.delete(oldest);
    }
    const work: Work = {
      ...{ language: to, urgent: false, running: undefined, refused: 0, complete: false },
      ...{ readAgainAt: -Infinity, askAgainAt: -Infinity },
    };
    this.works.set(key, work);
    return work;
  }

  private async provide(wanted: TextsToTranslate, work: Work): Promise<void> {
    const { clock } = this.options;
    const isRead = await this.read(wanted, work);
    const isLeft = isRead && !isTranslated(wanted, this);
    const hadItsTurn = !isLeft || (await this.queue.run(work, () => this.ask(wanted, work)));
    work.complete = isTranslated(wanted, this);
    if (hadItsTurn) work.readAgainAt = clock.now() + (work.complete ? REREAD_MS : REREAD_MISSING_MS);
  }

  /** False: nobody can say what is there, and nothing is paid for twice. */
  private async read(wanted: TextsToTranslate, work: Work): Promise<boolean> {
    if (wanted.personal) return true;
    const sources = Object.values(wanted.texts);
    try {
      const stored = await this.options.store.find(scopeOf(wanted), sources);
      this.remember(scopeOf(wanted), stored);
      if (!work.complete) await this.keepKnown(wanted, new Set(stored.map(({ source }) => source)));
      return true;
    } catch (error) {
      this.options.log.warn({ err: error, language: wanted.to }, 'translations could not be read');
      return false;
    }
  }

  /** What was translated for a single call, and now is wanted by a campaign, is not paid for again. */
  private async keepKnown(wanted: TextsToTranslate, stored: ReadonlySet<string>): Promise<void> {
    const known = Object.values(wanted.texts).flatMap((source): Translation[] => {
      const text = stored.has(source) ? undefined : this.find(wanted.to, source, wanted.tenantId);
      return text === undefined ? [] : [{ source, text }];
    });
    if (known.length > 0) await this.keep(wanted, known);
  }

  private async ask(wanted: TextsToTranslate, work: Work): Promise<void> {
    const { llm, clock, metrics } = this.options;
    const { signal } = this.stopped;
    if (signal.aborted || clock.now() < Math.max(work.askAgainAt, this.askAgainAt)) return;
    const missing = Object.entries(wanted.texts).filter(([, text]) => this.find(wanted.to, text, wanted.tenantId) === undefined);
    try {
      const answer = await translateTexts({ llm, clock }, { ...wanted, texts: Object.fromEntries(missing) }, signal);
      const translations = missing.map(([name, source]) => ({ source, text: answer[name] ?? source }));
      this.remember(scopeOf(wanted), translations);
      await this.keep(wanted, translations);
      this.failures = 0;
      work.refused = 0;
      metrics.translations.inc({ result: 'made' });
    } catch (error) {
      if (!signal.aborted) this.failed(error, wanted, work);
    }
  }

  /** Where somebody was faster, or knows better, theirs is said. */
  private async keep(wanted: TextsToTranslate, translations: readonly Translation[]): Promise<void> {
    if (wanted.personal) return;
    const { store, log } = this.options;
    const scope = scopeOf(wanted);
    const sources = translations.map(({ source }) => source);
    try {
      await store.add(scope, translations);
      this.remember(scope, await store.find(scope, sources));
    } catch (error) {
      log.warn({ err: error, language: wanted.to }, 'translations could not be stored');
    }
  }

  private failed(error: unknown, { to, by, tenantId }: TextsToTranslate, work: Work): void {
    const { log, metrics } = this.options;
    this.rest(error, work);
    if (error instanceof TranslationRefused) {
      metrics.translations.inc({ result: 'refused' });
      log.warn({ language: to, by, tenantId, fault: error.fault, text: error.text }, 'a translation of the model cannot be used');
    } else {
      metrics.translations.inc({ result: 'failed' });
      log.warn({ err: error, language: to, by, tenantId }, 'lines could not be translated');
    }
  }

  /** A model that is away is left alone. What it does not want to read, or nobody can make use of, holds up nothing else: it may be one tenant's text. */
  private rest(error: unknown, work: Work): void {
    const now = this.options.clock.now();
    if (error instanceof ProviderError && error.retryable && error.code !== 'llm_bad_answer') {
      this.failures += 1;
      this.askAgainAt = now + Math.max(error.retryAfterMs ?? 0, restMs(this.failures, LONGEST_REST_MS));
    } else {
      work.refused += 1;
      work.askAgainAt = now + restMs(work.refused, LONGEST_REST_OF_TEXT_MS);
    }
  }

  private remember(scope: TranslationScope, translations: readonly Translation[]): void {
    for (const { source, text } of translations) {
      const key = keyOf(scope, source);
      this.texts.delete(key); // the oldest stand first
      this.texts.set(key, text);
    }
    for (const oldest of this.texts.keys()) {
      if (this.texts.size <= MAX_TEXTS) break;
      this.texts.delete(oldest);
    }
  }
}

const scopeOf = ({ tenantId, to }: TextsToTranslate): TranslationScope => ({ tenantId, language: to });

const keyOf = ({ tenantId, language }: TranslationScope, text: string): string => JSON.stringify([tenantId, language, text]);

const KNOWN = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' });
const SCRIPT = /-[A-Z][a-z]{3}$/;

/** Languages come with the campaigns, and anything of the right form is one: only those that have a name are told apart, whatever they are written in. */
function languageLabel(language: string): string {
  return KNOWN.of(baseLanguage(language)) === undefined ? 'other' : language.replace(SCRIPT, '');
}

function restMs(failures: number, longestMs: Ms): Ms {
  return Math.min(REST_MS * 2 ** (failures - 1), longestMs);
}
