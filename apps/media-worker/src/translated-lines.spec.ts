import type { CallContext } from '@carillon/contracts';
import { BUILT_IN_ONLY, createCallPlan, ENGLISH_LINES, type Clock, type LlmRequest } from '@carillon/pipeline';
import { createLogger, createMetrics } from '@carillon/platform';
import { CachedTts, ProviderError } from '@carillon/providers';
import { createRealClock, ScriptedLlm, ScriptedTts, VirtualClock, type LlmScript, type ScriptedAnswer } from '@carillon/testing';
import { TestPhone, callContext, eventually, openSocket, scriptedProviders, stageWorker } from './media-worker.spec-support.js';
import type { Translation, TranslationScope, TranslationStore } from './ports.js';
import { prepareWhileRinging } from './prepare-while-ringing.js';
import { PreparedSpeech } from './prepared-speech.js';
import { TranslatedLines } from './translated-lines.js';
import { createTranslationMetrics } from './translation-metrics.js';

const NOW = new Date('2026-03-02T15:00:00Z');
const NOTICE = 'This call is recorded.';

/** A call of a campaign in these languages; it begins in the first. */
function callIn(codes: readonly string[], over: Partial<CallContext> = {}): CallContext {
  const context = callContext('c1', { campaignId: 'campaign', ...over });
  const availables = codes.map((short_code) => ({ short_code, voice: 'v', pronunciations_en: [] }));
  return { ...context, initiate: { ...context.initiate, lang: { default_short_code: codes[0] ?? '', availables } } };
}

/** As a model that knows German would: each word of a line is another one, what must stay stays. */
const german = (text: string) => text.replaceAll(/(\{\w+\})|[a-zA-Z]+/g, (word, kept: string | undefined) => kept ?? `${word}isch`);
const translated: LlmScript = ({ messages }: LlmRequest) => {
  const texts = Object.entries(JSON.parse(messages.at(-1)?.content ?? '') as Record<string, string>);
  return JSON.stringify(Object.fromEntries(texts.map(([name, text]) => [name, german(text)])));
};

function memoryStore() {
  const rows = new Map<string, string>();
  const asked = { finds: 0 };
  const keyOf = ({ tenantId, language }: TranslationScope, source: string) =>
    `${tenantId === null ? '' : `${tenantId}:`}${language} ${source}`;
  const store: TranslationStore = {
    async find(scope, sources) {
      asked.finds += 1;
      return sources.flatMap((source): Translation[] => {
        const text = rows.get(keyOf(scope, source));
        return text === undefined ? [] : [{ source, text }];
      });
    },
    async add(scope, translations) {
      for (const { source, text } of translations) if (!rows.has(keyOf(scope, source))) rows.set(keyOf(scope, source), text);
    },
  };
  return { store, rows, asked, correct: (language: string, source: string, text: string) => rows.set(`${language} ${source}`, text) };
}

function stage(answers: LlmScript = translated, { clock = createRealClock(), ...shelf }: { clock?: Clock; store?: TranslationStore } = {}) {
  const memory = memoryStore();
  const llm = new ScriptedLlm({ clock, answers, ttftMs: 1, tokenMs: 0, wordsPerToken: 50 });
  const registry = createMetrics('media-worker');
  const logLines: string[] = [];
  const log = createLogger('test', { level: 'debug', pii: false }, { write: (line) => void logLines.push(line) });
  const lines = new TranslatedLines({ store: shelf.store ?? memory.store, llm, clock, metrics: createTranslationMetrics(registry), log });
  const said = (context: CallContext, book = lines.bookOfCall()) => createCallPlan(context, NOW, book).lines;
  return { ...memory, llm, lines, said, logLines, metricsText: () => registry.metrics(), clock };
}

describe('lines in a language that has none of its own', () => {
  it('are translated once, however many phones ring, and are there for every call after that', async () => {
    const { lines, llm, said, rows } = stage();
    const context = callIn(['de-DE']);
    await Promise.all(['c1', 'c2', 'c3'].map((callId) => lines.prepare({ ...context, callId })));
    expect(llm.requests).toHaveLength(1);
    expect(rows.size).toBe(Object.keys(ENGLISH_LINES).length);
    expect(said(context)).toMatchObject({ goodbye: german(ENGLISH_LINES.goodbye), greeting: expect.stringContaining('Adam') });
    await lines.prepare(context);
    expect(llm.requests).toHaveLength(1);
  });

  it('are read from the store by the next process, without the model; a call that begins reads nothing', async () => {
    const before = stage();
    await before.lines.prepare(callIn(['de-DE']));
    const after = stage(() => ({ fails: 'at-once' }), { store: before.store });
    await after.lines.prepare(callIn(['de-AT']));
    const { finds } = before.asked;
    expect(after.said(callIn(['de-DE'])).apology).toBe(german(ENGLISH_LINES.apology));
    expect(after.llm.requests).toEqual([]);
    expect(before.asked.finds).toBe(finds);
  });

  it('are asked for one by one where a newer engine has more of them', async () => {
    const { lines, llm, correct } = stage();
    for (const [name, text] of Object.entries(ENGLISH_LINES)) if (name !== 'recap') correct('de', text, german(text));
    await lines.prepare(callIn(['de-DE']));
    expect(JSON.parse(llm.requests[0]?.messages.at(-1)?.content ?? '')).toEqual({ recap: ENGLISH_LINES.recap });
  });

  it('are what a person has made of them: at once where they were faster, else within five minutes', async () => {
    const clock = new VirtualClock();
    const staged = stage(translated, { clock });
    const context = callIn(['de-DE']);
    staged.correct('de', ENGLISH_LINES.goodbye, 'Tschüs.');
    const ready = staged.lines.prepare(context);
    await clock.advance(1_000);
    await ready;
    expect(staged.said(context).goodbye).toBe('Tschüs.');
    staged.correct('de', ENGLISH_LINES.goodbye, 'Auf Wiederhören.');
    await staged.lines.prepare(context);
    expect(staged.said(context).goodbye).toBe('Tschüs.');
    await clock.advance(5 * 60_000);
    await staged.lines.prepare(context);
    await clock.advance(1);
    expect(staged.said(context).goodbye).toBe('Auf Wiederhören.');
    expect(staged.llm.requests).toHaveLength(1);
  });

  it('come with the operator’s texts, each asked for by itself; those of a single call stay in memory', async () => {
    const { lines, llm, said, rows } = stage();
    const context = callIn(['en-US', 'de-DE'], { variables: { language: 'de' }, conversation: { legal_notice: NOTICE } });
    await lines.prepare(context);
    expect(said(context).legalNotice).toBe(german(NOTICE));
    expect(llm.requests.map(({ messages }) => Object.keys(JSON.parse(messages.at(-1)?.content ?? '') as object).length)).toEqual([
      Object.keys(ENGLISH_LINES).length,
      1,
    ]);
    expect([...rows.keys()]).toContain(`default:de ${NOTICE}`);
    const ofOne = { ...context, campaignId: null, conversation: { legal_notice: 'Mrs. Smith, this call is recorded.' } };
    await lines.prepare(ofOne);
    expect(said(ofOne).legalNotice).toBe(german('Mrs. Smith, this call is recorded.'));
    expect([...rows.keys()].filter((key) => key.includes('Smith'))).toEqual([]);
  });

  it('of an operator are nobody else’s: what the model made of one tenant’s text, another does not say', async () => {
    const context = callIn(['en-US', 'de-DE'], { variables: { language: 'de' }, conversation: { legal_notice: ENGLISH_LINES.goodbye } });
    const { lines, said, rows } = stage((request, ordinal) =>
      ordinal === 1 ? '{"legal_notice": "Rufen Sie 0900 an."}' : translated(request, ordinal),
    );
    await lines.prepare(context);
    const theirs = { ...context, tenantId: 'other' };
    expect(said(theirs).legalNotice).toBe(ENGLISH_LINES.goodbye);
    await lines.prepare(theirs);
    expect(said(theirs)).toMatchObject({ legalNotice: german(ENGLISH_LINES.goodbye), goodbye: german(ENGLISH_LINES.goodbye) });
    expect(said(context)).toMatchObject({ legalNotice: 'Rufen Sie 0900 an.', goodbye: german(ENGLISH_LINES.goodbye) });
    expect(rows.get(`other:de ${ENGLISH_LINES.goodbye}`)).toBe(german(ENGLISH_LINES.goodbye));
  });

  it('that were translated for a single call are kept as soon as a campaign says them, and not paid for again', async () => {
    const { lines, llm, rows } = stage();
    const context = callIn(['en-US', 'fr-FR'], { variables: { language: 'fr' }, conversation: { legal_notice: NOTICE } });
    await lines.prepare({ ...context, campaignId: null });
    expect(rows.size).toBe(0);
    await lines.prepare(context);
    await eventually(() => rows.size === 1, 'it is stored');
    expect(llm.requests).toHaveLength(1);
  });

  it('are read again at once where they had to make room for others', async () => {
    const find: TranslationStore['find'] = async (_, sources) => sources.map((source) => ({ source, text: german(source) }));
    const { lines, said } = stage(translated, { clock: new VirtualClock(), store: { find, add: async () => undefined } });
    const noticed = (legal_notice: string) => callIn(['en-US', 'fr-FR'], { variables: { language: 'fr' }, conversation: { legal_notice } });
    for (let each = 0; each <= 5_000; each += 1) await lines.prepare(noticed(`${NOTICE} ${each}`));
    expect(said(noticed(`${NOTICE} 0`)).legalNotice).toBe(`${NOTICE} 0`);
    await lines.prepare(noticed(`${NOTICE} 0`));
    expect(said(noticed(`${NOTICE} 0`)).legalNotice).toBe(german(`${NOTICE} 0`));
  });
});

describe('while nothing is translated', () => {
  const answering = (...answers: (string | ScriptedAnswer | Error)[]): LlmScript => {
    const left = [...answers];
    return (request, ordinal) => {
      const next = left.shift() ?? translated(request, ordinal);
      if (next instanceof Error) throw next;
      return next;
    };
  };
  async function ring(staged: ReturnType<typeof stage>, clock: VirtualClock, afterMs: number) {
    await clock.advance(afterMs);
    const ready = staged.lines.prepare(callIn(['de-DE']));
    await clock.advance(100);
    await ready;
    return staged.llm.requests.length;
  }

  it('a call speaks English, which is counted each time and said once', async () => {
    const { lines, said, logLines, metricsText } = stage(() => ({ fails: 'at-once' }));
    await lines.prepare(callIn(['de-DE']));
    for (const book of [lines.bookOfCall(), lines.bookOfCall()]) {
      expect(said(callIn(['de-DE']), book).goodbye).toBe(ENGLISH_LINES.goodbye);
      expect(said(callIn(['de-DE']), book)).toEqual(said(callIn(['de-DE']), BUILT_IN_ONLY));
    }
    expect(await metricsText()).toContain('carillon_media_untranslated_lines_total{language="de",service="media-worker"} 2');
    expect(logLines.filter((line) => line.includes('has no lines in its language'))).toHaveLength(1);
    expect(await metricsText()).toContain('carillon_media_translations_total{result="failed",service="media-worker"} 1');
  });

  it('an answer that cannot be used is asked for again after 30 s, then after 60 s', async () => {
    const clock = new VirtualClock();
    const staged = stage(answering('Guten Tag!', '{}'), { clock });
    expect(await ring(staged, clock, 0)).toBe(1);
    expect(await ring(staged, clock, 29_000)).toBe(1);
    expect(await ring(staged, clock, 30_000)).toBe(2);
    expect(await ring(staged, clock, 50_000)).toBe(2);
    expect(await ring(staged, clock, 30_000)).toBe(3);
    expect(staged.said(callIn(['de-DE'])).goodbye).toBe(german(ENGLISH_LINES.goodbye));
    expect(staged.logLines.filter((line) => line.includes('"fault":"no_json"'))).toHaveLength(1);
    expect(staged.logLines.filter((line) => line.includes('"fault":"text_missing"'))).toHaveLength(1);
  });

  it('a model that has enough of us is left alone for as long as it wants, for whatever language', async () => {
    const clock = new VirtualClock();
    const staged = stage(answering(new ProviderError('llm_throttled', 'HTTP 429', { retryAfterMs: 120_000 })), { clock });
    expect(await ring(staged, clock, 0)).toBe(1);
    await clock.advance(60_000);
    await staged.lines.prepare(callIn(['es-ES']));
    expect(staged.llm.requests).toHaveLength(1);
    expect(await ring(staged, clock, 60_000)).toBe(2);
  });

  it('a text that the service does not want to read rests alone: other languages go on', async () => {
    const clock = new VirtualClock();
    const staged = stage(answering(new ProviderError('llm_rejected', 'HTTP 400')), { clock });
    expect(await ring(staged, clock, 0)).toBe(1);
    const spanish = staged.lines.prepare(callIn(['es-ES']));
    await clock.advance(100);
    await spanish;
    expect(staged.llm.requests).toHaveLength(2);
    expect(await ring(staged, clock, 29_000)).toBe(2);
    expect(await ring(staged, clock, 30_000)).toBe(3);
  });

  it('an answer that holds nothing, be it for what the text says, holds up no other language either', async () => {
    const clock = new VirtualClock();
    const staged = stage(answering(new ProviderError('llm_bad_answer', 'the answer was empty')), { clock });
    expect(await ring(staged, clock, 0)).toBe(1);
    const spanish = staged.lines.prepare(callIn(['es-ES']));
    await clock.advance(100);
    await spanish;
    expect(staged.said(callIn(['es-ES'])).goodbye).toBe(german(ENGLISH_LINES.goodbye));
  });

  it('a script that nobody knows cannot be checked, and nothing fails because of it', async () => {
    const { lines, said, logLines } = stage();
    await lines.prepare(callIn(['sr-Abcd-RS', 'de-DE']));
    await eventually(() => lines.find('de', ENGLISH_LINES.goodbye, null) !== undefined, 'the others are translated');
    expect(said(callIn(['sr-Abcd-RS'])).goodbye).toBe(german(ENGLISH_LINES.goodbye));
    expect(logLines).toEqual([]);
  });

  it('languages of a campaign wait for that of a phone that rings, and what found no room is asked for with the next call', async () => {
    const { lines, llm } = stage(() => ({ hangs: 'at-once' }), { clock: new VirtualClock() });
    const letters = [...'abcdefghijklmnopqrstuvwxyz'];
    const many = letters.flatMap((a) => letters.map((b) => `q${a}${b}-DE`)).slice(0, 210);
    for (const code of many) void lines.prepare(callIn([code]), false);
    await new Promise((resolve) => setImmediate(resolve));
    expect(llm.requests).toHaveLength(2);
    const late = many.at(-1) ?? '';
    const settled: string[] = [];
    void lines.prepare(callIn([late]), false).then(() => settled.push('no room'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(settled).toEqual(['no room']);
    void lines.prepare(callIn([late])).then(() => settled.push('displaces another'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(settled).toEqual(['no room']);
    lines.stop();
  });

  it('languages that nobody knows are counted as one, and scripts are not told apart', async () => {
    const { lines, said, metricsText, logLines } = stage(() => ({ fails: 'at-once' }));
    for (const code of ['qqa-DE', 'qqb-DE', 'sr-Latn-RS', 'sr-Abcd-RS', 'zh-TW', 'pt-BR']) said(callIn([code]), lines.bookOfCall());
    const counted = [...(await metricsText()).matchAll(/untranslated_lines_total\{language="([^"]+)"[^}]*\} (\d+)/g)];
    expect(counted.map(([, label, count]) => [label, count])).toEqual([
      ['other', '2'],
      ['sr', '2'],
      ['zh-TW', '1'],
      ['pt-BR', '1'],
    ]);
    expect(logLines).toHaveLength(4);
  });

  it('what a call says without is rendered three seconds after its phone began to ring, and once more when it is translated', async () => {
    const clock = new VirtualClock();
    const rendered: number[] = [];
    const translatedAfter = (ms: number) => ({ prepare: () => new Promise<void>((done) => void clock.setTimer(clock.now() + ms, done)) });
    const prepared = { prepare: () => void rendered.push(clock.now()) };
    prepareWhileRinging({ lines: translatedAfter(1_000), prepared, clock })(callIn(['de-DE']), true);
    await clock.advance(10_000);
    prepareWhileRinging({ lines: translatedAfter(9_000), prepared, clock })(callIn(['de-DE']), true);
    await clock.advance(10_000);
    expect(rendered).toEqual([1_000, 13_000, 19_000]);
  });

  it('Postgres that is away is asked again later, and nothing is paid for meanwhile; what could not be stored is said all the same', async () => {
    const away = () => Promise.reject(new Error('Postgres is away'));
    const clock = new VirtualClock();
    const unreadable = stage(translated, { clock, store: { find: away, add: away } });
    expect(await ring(unreadable, clock, 0)).toBe(0);
    const unwritable = stage(translated, { clock, store: { find: async () => [], add: away } });
    expect(await ring(unwritable, clock, 0)).toBe(1);
    expect(unwritable.said(callIn(['de-DE'])).goodbye).toBe(german(ENGLISH_LINES.goodbye));
  });

  it('a process that stops asks for nothing more', async () => {
    const { lines, llm, logLines } = stage(() => ({ hangs: 'at-once' }));
    const ready = lines.prepare(callIn(['de-DE', 'es-ES', 'it-IT']));
    await eventually(() => llm.requests.length === 2, 'the model is asked');
    lines.stop();
    await ready;
    await lines.prepare(callIn(['nl-NL']));
    expect(llm.requests).toHaveLength(2);
    expect(logLines).toEqual([]);
  });
});

describe('a call on a media worker', () => {
  const log = createLogger('test', { level: 'silent', pii: false });

  async function ringAndPickUp(answers: LlmScript) {
    const { lines, clock, metricsText } = stage(answers);
    const service = new ScriptedTts({ clock, ttfbMs: 1, msPerCharacter: 1 });
    const tts = new CachedTts({ tts: service, clock, log });
    const prepared = new PreparedSpeech({ tts, book: lines, clock, wallNow: Date.now, log });
    const context = callIn(['de-DE']);
    await lines.prepare(context);
    prepared.prepare(context);
    await eventually(() => prepared.isIdle, 'the lines are rendered');
    const staged = await stageWorker({ contexts: [context], lines, providersFor: () => ({ ...scriptedProviders(), tts }) });
    const phone = new TestPhone(await openSocket(await staged.mediaUrl('c1')));
    const said = () => staged.live.flatMap((event) => (event.type === 'call.said' && event.persona === 'assistant' ? [event.content] : []));
    await eventually(() => said().length > 0, 'the greeting is heard');
    const close = async () => {
      phone.socket.close();
      await staged.worker.close();
    };
    return { greeting: said()[0], rendered: service.spoken.map(({ text }) => text), misses: tts.statistics().misses, metricsText, close };
  }

  it('is greeted in German once its phone has rung', async () => {
    const call = await ringAndPickUp(translated);
    expect(call.greeting).toMatch(/^Helloisch, thisisch isisch Adam/);
    expect(call.rendered).toContain(german(ENGLISH_LINES.apology));
    expect(call.misses).toBe(0);
    expect(await call.metricsText()).not.toContain('language="de"');
    await call.close();
  });

  it('is greeted in English where the model is down, and its apology lies ready', async () => {
    const call = await ringAndPickUp(() => ({ fails: 'at-once' }));
    expect(call.greeting).toMatch(/^Hello, this is Adam/);
    expect(call.rendered).toContain(ENGLISH_LINES.apology);
    expect(call.misses).toBe(0);
    expect(await call.metricsText()).toContain('carillon_media_untranslated_lines_total{language="de",service="media-worker"} 1');
    await call.close();
  });
});
