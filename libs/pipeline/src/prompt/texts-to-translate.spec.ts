import { DEFAULT_ANSWERING_MACHINE_RULES, initiateSchema, type CallContext } from '@carillon/contracts';
import { createCallPlan } from './create-call-plan.js';
import { lineLanguage, type LineBook } from './line-book.js';
import { ENGLISH_LINES } from './line-texts.js';
import { isTranslated, textsToTranslate } from './texts-to-translate.js';

const NOW = new Date('2026-03-05T10:00:00Z');
const NOTICE = 'This call is recorded.';
const MESSAGE = 'Hello {first_name}, {company} has called.';

function callIn(codes: readonly string[], over: Partial<CallContext> = {}): CallContext {
  const availables = codes.map((short_code) => ({ short_code, voice: `voice of ${short_code}` }));
  return {
    ...{ tenantId: 'default', callId: 'c', conversationId: 'v', campaignId: 'campaign', phoneE164: '+14155552672' },
    initiate: initiateSchema.parse({
      ...{ bot_company: 'Contoso', bot_name: 'Ada', agent_phone_number: '+14155552671' },
      lang: { default_short_code: codes[0], availables },
    }),
    ...{ variables: {}, claim: {}, history: [], maxCallMs: 60_000, traceparent: null },
    ...over,
  };
}
const withTexts = {
  conversation: { legal_notice: NOTICE },
  answeringMachine: { ...DEFAULT_ANSWERING_MACHINE_RULES, on_machine: 'leave_message' as const, message: MESSAGE },
};

/** Each text in angle brackets that name the language. */
const bookOf = (...languages: string[]): LineBook => ({
  find: (language, text) => (languages.includes(language) ? `<${language}> ${text}` : undefined),
});

describe('texts are kept by language', () => {
  it.each([
    ['de-DE', 'de'],
    ['de-AT', 'de'],
    ['pt-BR', 'pt-BR'],
    ['pt-PT', 'pt-PT'],
    ['pt-AO', 'pt-PT'],
    ['zh-CN', 'zh'],
    ['zh-Hans-CN', 'zh'],
    ['zh-CN-sichuan', 'zh'],
    ['wuu-CN', 'zh'],
    ['zh-HK', 'zh-HK'],
    ['yue-CN', 'zh-HK'],
    ['zh-TW', 'zh-TW'],
    ['sr-RS', 'sr'],
    ['sr-Cyrl-RS', 'sr'],
    ['sr-Latn-RS', 'sr-Latn'],
    ['nb-NO', 'no'],
    ['fil-PH', 'tl'],
  ])('that of %s is %s', (code, language) => {
    expect(lineLanguage(code)).toBe(language);
  });
});

describe('what a call may say that has to be translated', () => {
  const summary = (context: CallContext) =>
    textsToTranslate(context).map(({ by, from, to, texts, urgent }) => [by, from, to, Object.keys(texts).length, urgent]);
  const all = Object.keys(ENGLISH_LINES).length;

  it('is nothing where the engine has its own texts', () => {
    expect(summary(callIn(['en-US', 'fr-CA', 'zh-CN', 'wuu-CN']))).toEqual([]);
  });

  it('are the lines in each of its languages, once, the one that it begins in first', () => {
    expect(summary(callIn(['en-US', 'de-DE', 'de-AT', 'es-ES'], { variables: { Language: 'es' } }))).toEqual([
      ['engine', 'en', 'es', all, true],
      ['engine', 'en', 'de', all, false],
    ]);
  });

  it('are the operator’s texts as well, each by itself, in the languages that they are not written in', () => {
    expect(summary(callIn(['de-DE', 'fr-FR'], withTexts))).toEqual([
      ['engine', 'en', 'de', all, true],
      ['operator', 'de', 'fr', 1, false],
      ['operator', 'de', 'fr', 1, false],
    ]);
  });

  it('are those of a single call only in the language that it begins in, and nobody else is to read them', () => {
    const single = { ...withTexts, campaignId: null };
    expect(summary(callIn(['en-US', 'fr-FR', 'de-DE'], single))).toEqual([]);
    const french = textsToTranslate(callIn(['en-US', 'fr-FR'], { ...single, variables: { language: 'fr' } }));
    expect(french).toMatchObject([
      { by: 'operator', tenantId: 'default', to: 'fr', texts: { legal_notice: NOTICE }, personal: true },
      { by: 'operator', to: 'fr', texts: { answering_machine_message: MESSAGE }, personal: true },
    ]);
  });

  it('is translated once all of it is in the book', () => {
    const [lines] = textsToTranslate(callIn(['de-DE']));
    if (lines === undefined) throw new Error('nothing is to be translated');
    expect(isTranslated(lines, bookOf('de'))).toBe(true);
    const oneMissing: LineBook = {
      find: (language, text) => (text === ENGLISH_LINES.recap ? undefined : bookOf('de').find(language, text, null)),
    };
    expect(isTranslated(lines, oneMissing)).toBe(false);
    expect(createCallPlan(callIn(['de-DE']), NOW, oneMissing).lines.goodbye).toBe(ENGLISH_LINES.goodbye);
  });
});

describe('a plan with translations', () => {
  it('has all lines, the notice and the message in the language of the call, with its names in them', () => {
    const context = callIn(['en-US', 'de-DE'], { ...withTexts, variables: { language: 'de', first_name: 'Eva' } });
    const { lines, machines } = createCallPlan(context, NOW, bookOf('de'));
    expect(lines.greeting).toBe('<de> Hello, this is Ada, the virtual assistant of Contoso. <de> Do you have a moment to talk?');
    expect(lines).toMatchObject({ legalNotice: `<de> ${NOTICE}`, apology: `<de> ${ENGLISH_LINES.apology}` });
    expect(machines?.message).toBe('<de> Hello Eva, Contoso has called.');
  });

  it('has of the operator’s texts what this tenant’s were made into, whatever another tenant’s became', () => {
    const context = callIn(['en-US', 'de-DE'], { ...withTexts, variables: { language: 'de' } });
    const book: LineBook = { find: (_, text, tenantId) => `<${tenantId ?? 'ours'}> ${text}` };
    const { lines, machines } = createCallPlan({ ...context, tenantId: 't2' }, NOW, book);
    expect(lines).toMatchObject({ legalNotice: `<t2> ${NOTICE}`, goodbye: `<ours> ${ENGLISH_LINES.goodbye}` });
    expect(machines?.message).toMatch(/^<t2> /);
  });

  it('has them in the language that the call changes to, and the operator’s own words where it comes back', () => {
    const plan = createCallPlan(callIn(['de-DE', 'es-ES'], withTexts), NOW, bookOf('de', 'es'));
    expect(plan.lines).toMatchObject({ legalNotice: NOTICE, goodbye: `<de> ${ENGLISH_LINES.goodbye}` });
    expect(plan.speechIn?.('es-ES').lines).toMatchObject({ legalNotice: `<es> ${NOTICE}`, goodbye: `<es> ${ENGLISH_LINES.goodbye}` });
  });

  it('speaks the nearest language that it has, and the operator’s words as they are, while there are none', () => {
    const { lines, machines } = createCallPlan(
      callIn(['it-IT', 'de-DE'], { ...withTexts, variables: { language: 'de' } }),
      NOW,
      bookOf('it'),
    );
    expect(lines).toMatchObject({ legalNotice: NOTICE, goodbye: ENGLISH_LINES.goodbye });
    expect(machines?.message).toBe('Hello, Contoso has called.');
    expect(createCallPlan(callIn(['zh-HK']), NOW).lines.stillThere).toBe('请问您还在吗？');
  });

  it('says in a language what a policy demands, also where the notice says it only in another', () => {
    const context = callIn(['en-US', 'de-DE'], { variables: { language: 'de' }, disclosures: ['ai'] });
    const notice = { conversation: { legal_notice: 'You are talking with an AI.' } };
    expect(createCallPlan({ ...context, ...notice }, NOW).lines.legalNotice).toBe('You are talking with an AI.');
    const german: LineBook = {
      find: (_, text) => (text === notice.conversation.legal_notice ? 'Sie sprechen mit einem Automaten.' : `<de> ${text}`),
    };
    const { legalNotice } = createCallPlan({ ...context, ...notice }, NOW, german).lines;
    expect(legalNotice).toMatch(/<de> I am an AI, and my voice is artificial\. Sie sprechen mit einem Automaten\.$/);
  });
});
