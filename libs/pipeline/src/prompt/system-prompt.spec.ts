import { initiateSchema, type CallContext } from '@carillon/contracts';
import { createCallPlan } from './create-call-plan.js';
import { buildSystemPrompt } from './system-prompt.js';

const initiate = initiateSchema.parse({
  bot_company: 'Contoso',
  bot_name: 'Ada',
  agent_phone_number: '+14155552671',
  task: 'Collect the details of a car accident.',
  claim: [
    { name: 'color', type: 'enum', values: ['red', 'blue'] },
    { name: 'happened_at', type: 'datetime', description: 'When it happened' },
  ],
});

const context: CallContext = {
  tenantId: 'default',
  callId: 'c',
  conversationId: 'v',
  campaignId: null,
  phoneE164: '+14155552672',
  initiate,
  variables: { first_name: 'Ann', order: '12345' },
  claim: { color: 'red' },
  history: [],
  maxCallMs: 60_000,
  traceparent: null,
};

const NOW = new Date('2026-03-05T10:00:00Z');

describe('the system prompt', () => {
  const text = buildSystemPrompt({
    initiate,
    claim: context.claim,
    variables: context.variables,
    phoneE164: '+14155552672',
    now: NOW,
    language: 'en-US',
  });

  it('names the bot, the company, the task, the language and the day', () => {
    for (const part of [
      'You are Ada,',
      'on behalf of Contoso',
      'Collect the details',
      'American English (en-US)',
      '2026-03-05T10:00:00.000Z',
    ]) {
      expect(text).toContain(part);
    }
  });

  it('holds the fields and what is collected, each on one line, for scripted models as well', () => {
    const json = (label: string): unknown =>
      JSON.parse(
        text
          .split('\n')
          .find((line) => line.startsWith(label))
          ?.slice(label.length) ?? '',
      );
    expect(json('Fields to collect (JSON): ')).toEqual([
      { name: 'color', type: 'enum', values: ['red', 'blue'] },
      { name: 'happened_at', type: 'datetime', description: 'When it happened' },
    ]);
    expect(json('Collected so far (JSON): ')).toEqual({ color: 'red' });
    expect(json('Known about the person (JSON): ')).toEqual({ first_name: 'Ann', order: '12345' });
  });
});

describe('the plan of a call', () => {
  it('speaks as the campaign wants it', () => {
    const plan = createCallPlan(context, NOW);
    expect(plan).toMatchObject({
      language: 'en-US',
      voice: 'en-US-ShimmerTurboMultilingualNeural',
      style: 'none',
      rate: 1,
      maxCallMs: 60_000,
    });
    expect(plan.lines.greeting).toBe('Hello, this is Ada, the virtual assistant of Contoso. Do you have a moment to talk?');
    expect(plan.systemPrompt({ color: 'blue' }, 'en-US')).toContain('Collected so far (JSON): {"color":"blue"}');
  });

  it('says what the policies of the call demand, and the notice of the campaign after it', () => {
    const { lines } = createCallPlan({ ...context, disclosures: ['ai'], conversation: { legal_notice: 'Prices are without tax.' } }, NOW);
    expect(lines.legalNotice).toMatch(/^Hello, this is Ada.* I am an AI.* Prices are without tax\.$/);
    expect(lines.greeting).toBe('Do you have a moment to talk?');
  });

  it('gives the recogniser the words it would not guess', () => {
    expect(createCallPlan(context, NOW).phrases).toEqual(['Contoso', 'Ada', 'red', 'blue', 'Ann']);
  });

  it('goes on where an earlier call stopped', () => {
    const history: CallContext['history'] = [
      { persona: 'assistant', content: 'Hello.' },
      { persona: 'human', content: 'Hi.' },
    ];
    const plan = createCallPlan({ ...context, history }, NOW);
    expect(plan.history).toEqual([
      { role: 'assistant', content: 'Hello.' },
      { role: 'user', content: 'Hi.' },
    ]);
    expect(plan.lines.greeting).toBe('Hello again, this is Ada of Contoso. Shall we go on where we stopped?');
  });

  it('greets whoever was called for the first time as such, though half a greeting stands in the transcript already', () => {
    const history: CallContext['history'] = [{ persona: 'assistant', content: 'Hello, this', ofThisCall: true }];
    const plan = createCallPlan({ ...context, history }, NOW);
    expect(plan.history).toEqual([{ role: 'assistant', content: 'Hello, this' }]);
    expect(plan.lines.greeting).toBe('Hello, this is Ada, the virtual assistant of Contoso. Do you have a moment to talk?');
  });

  it('says its own lines in the language of the call, in English where it has none', () => {
    const inLanguage = (code: string) =>
      createCallPlan(
        {
          ...context,
          initiate: {
            ...initiate,
            lang: { default_short_code: code, availables: [{ short_code: code, voice: 'v', pronunciations_en: [] }] },
          },
        },
        NOW,
      ).lines.stillThere;
    expect([inLanguage('zh-CN'), inLanguage('fr-FR'), inLanguage('de-DE')]).toEqual([
      '请问您还在吗？',
      'Êtes-vous toujours là ?',
      'Are you still there?',
    ]);
  });
});
