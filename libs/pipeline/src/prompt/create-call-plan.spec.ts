import { initiateSchema, type CallContext, type ConversationOverrides } from '@carillon/contracts';
import { createCallPlan } from './create-call-plan.js';
import { createCallTools } from './call-tools.js';

const NOW = new Date('2026-03-05T10:00:00Z');
const entry = (short_code: string, voice: string, ...names: string[]) => ({ short_code, voice, pronunciations_en: names });

function contextOf(variables: Record<string, string>, more: object = {}): CallContext {
  const initiate = initiateSchema.parse({
    ...{ bot_company: 'Contoso', bot_name: 'Ada', agent_phone_number: '+14155552671' },
    lang: {
      default_short_code: 'en-US',
      availables: [
        entry('en-US', 'v-en', 'English'),
        { ...entry('fr-FR', 'v-fr', 'French'), custom_voice_endpoint_id: 'deployment-fr' },
        entry('zh-CN-sichuan', 'v-zh'),
      ],
    },
    ...more,
  });
  const ids = { tenantId: 'default', callId: 'c', conversationId: 'v', campaignId: null, phoneE164: '+14155552672', traceparent: null };
  return { ...ids, initiate, variables, claim: {}, history: [], maxCallMs: 60_000 };
}

const planOf = (variables: Record<string, string>, more: object = {}) => createCallPlan(contextOf(variables, more), NOW);

describe('the language of a contact', () => {
  it.each([
    [{ language: 'fr-FR' }, 'fr-FR', 'v-fr', 'Bonjour, ici Ada'],
    [{ Language: 'fr' }, 'fr-FR', 'v-fr', 'Bonjour, ici Ada'],
    [{ ' LANGUAGE ': 'fr_CA' }, 'fr-FR', 'v-fr', 'Bonjour, ici Ada'],
    [{ language: 'French' }, 'fr-FR', 'v-fr', 'Bonjour, ici Ada'],
    [{ language: 'zh' }, 'zh-CN-sichuan', 'v-zh', '您好'],
    [{ language: 'it' }, 'en-US', 'v-en', 'Hello, this is Ada'],
    [{ language: '' }, 'en-US', 'v-en', 'Hello, this is Ada'],
    [{ languages_spoken: 'fr' }, 'en-US', 'v-en', 'Hello, this is Ada'],
  ])('%j: the call is held in %s', (variables: Record<string, string>, language, voice, greeting) => {
    const plan = planOf(variables);
    expect(plan).toMatchObject({ language, voice });
    expect(plan.lines.greeting).toContain(greeting);
  });

  it('comes with the custom voice of that language', () => {
    expect(planOf({ language: 'fr' }).customVoice).toBe('deployment-fr');
    expect(planOf({}).customVoice).toBeUndefined();
  });

  it('is what the model is told to speak, and which others it may change to', () => {
    const prompt = planOf({ language: 'fr' }).systemPrompt({}, 'fr-FR');
    expect(prompt).toContain('Speak French (France) (fr-FR).');
    expect(prompt).toContain('American English (en-US) or Chinese (China, SICHUAN) (zh-CN-sichuan), call the tool speech_lang');
    const only = { default_short_code: 'en-US', availables: [entry('en-US', 'v-en')] };
    expect(planOf({}, { lang: only }).systemPrompt({}, 'en-US')).not.toContain('speech_lang');
  });

  it('may be of a dialect whose name nobody knows', () => {
    const lang = { default_short_code: 'zh-CN-abc', availables: [entry('zh-CN-abc', 'v')] };
    expect(planOf({}, { lang }).systemPrompt({}, 'zh-CN-abc')).toContain('Speak Chinese (China) (zh-CN-abc).');
  });

  it('may change during the call where there is more than one', () => {
    expect(planOf({}).speechIn?.('fr-FR')).toMatchObject({ language: 'fr-FR', voice: 'v-fr', customVoice: 'deployment-fr' });
    expect(planOf({}, { lang: undefined }).speechIn).toBeUndefined();
    const toolsOf = (more: object) =>
      createCallTools({ fields: [], claim: {}, speech: contextOf({}, more).initiate.lang }).definitions.map(({ name }) => name);
    expect(toolsOf({})).toEqual(['end_call', 'speech_lang', 'speech_speed']);
    expect(toolsOf({ lang: undefined })).toEqual(['end_call', 'speech_speed']);
  });
});

describe('the words of the trade', () => {
  it('come before all others that the recogniser is told, numbers among them included; the language of the contact is none', () => {
    const { phrases } = planOf({ name: 'Ann', language: 'fr-FR' }, { vocabulary: [{ term: 'SEPA', say: 'see-pah' }, { term: 'Q7' }] });
    expect(phrases).toEqual(['SEPA', 'Q7', 'Contoso', 'Ada', 'Ann']);
  });

  it('are as many as a recogniser takes', () => {
    const vocabulary = Array.from({ length: 299 }, (_, at) => ({ term: `term ${at}` }));
    const { phrases } = planOf({ name: 'Ann' }, { vocabulary });
    expect(phrases).toHaveLength(300);
    expect(phrases.at(-1)).toBe('Contoso');
  });

  it('go to the voice as well, with the style of the call', () => {
    const vocabulary = [{ term: 'SEPA', say: 'see-pah' }];
    expect(planOf({}, { vocabulary, voice_style: 'customerservice' })).toMatchObject({ vocabulary, style: 'customerservice' });
  });

  it('are none in a call that was stored before there were any', () => {
    const context = contextOf({});
    const { vocabulary: _words, voice_style: _style, ...initiate } = context.initiate;
    expect(createCallPlan({ ...context, initiate }, NOW)).toMatchObject({
      style: 'none',
      vocabulary: undefined,
      phrases: ['Contoso', 'Ada'],
    });
  });
});

describe('the settings of the conversation', () => {
  it.each<[ConversationOverrides, string | undefined, string]>([
    [{}, undefined, 'off'],
    [{ legal_notice: 'We record.', event_log: 'full' }, 'We record.', 'full'],
  ])('%j: what is said before the greeting, and what is kept of the events', (conversation, legalNotice, eventLog) => {
    const plan = createCallPlan({ ...contextOf({}), conversation }, NOW);
    expect(plan).toMatchObject({ eventLog, lines: expect.objectContaining({ legalNotice }) });
  });
});
