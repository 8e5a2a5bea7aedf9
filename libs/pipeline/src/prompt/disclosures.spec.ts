import { DEFAULT_LANGUAGE, type Disclosure } from '@carillon/contracts';
import { callLines } from './call-lines.js';
import { missingDisclosures } from './disclosures.js';

const initiate = { bot_name: 'Ada', bot_company: 'Contoso', lang: DEFAULT_LANGUAGE };
const opening = (disclosures: Disclosure[], legalNotice: string | null = null, resumed = false) => ({
  ...{ tenantId: 'default', resumed, disclosures, legalNotice },
});
const IDENTITY = 'Hello, this is Ada, the virtual assistant of Contoso.';
const QUESTION = 'Do you have a moment to talk?';

describe('what a policy wants said', () => {
  it('stands in the notice, which nobody can interrupt, after who calls; the greeting is the question that is left', () => {
    expect(callLines(initiate, opening(['identity', 'opt_out', 'ai']), 'en-US')).toMatchObject({
      legalNotice: `${IDENTITY} If you do not want to be called again, you can tell me so at any time. I am an AI, and my voice is artificial.`,
      greeting: QUESTION,
    });
  });

  it('is said in every call, also in one that goes on with an earlier conversation', () => {
    expect(callLines(initiate, opening(['ai'], null, true), 'en-US')).toMatchObject({
      legalNotice: 'Hello again, this is Ada of Contoso. I am an AI, and my voice is artificial.',
      greeting: 'Shall we go on where we stopped?',
    });
  });

  it('is said in the language of the call', () => {
    const chinese = callLines(initiate, opening(['opt_out']), 'zh-CN');
    expect(chinese.legalNotice).toBe('您好，我是Contoso的虚拟助理Ada。如果您不想再接到我们的电话，可以随时告诉我。');
    expect(callLines(initiate, opening(['ai']), 'fr-FR').legalNotice).toContain('intelligence artificielle');
  });

  it('comes before what the operator wants said, and is not said twice where they say it themselves', () => {
    const recorded = 'This call is recorded.';
    expect(callLines(initiate, opening(['ai'], recorded), 'en-US').legalNotice).toBe(
      `${IDENTITY} I am an AI, and my voice is artificial. ${recorded}`,
    );
    const own = 'You are talking with an AI.';
    expect(callLines(initiate, opening(['ai', 'recording'], own), 'en-US')).toMatchObject({
      legalNotice: own,
      greeting: `${IDENTITY} ${QUESTION}`,
    });
  });

  it('is nothing where no policy asks for it', () => {
    const { greeting, legalNotice } = callLines(initiate, opening([]), 'en-US');
    expect([greeting, legalNotice]).toEqual([`${IDENTITY} ${QUESTION}`, undefined]);
  });
});

describe('a legal notice says it already', () => {
  it.each<[string, Disclosure, string?]>([
    ['You are talking with an artificial voice.', 'ai'],
    ['Sie sprechen mit einer künstlichen Intelligenz.', 'ai'],
    ['我是AI语音助手。', 'ai'],
    ['Tell me if you do not want to be called again.', 'opt_out'],
    ['Sagen Sie es, wenn wir Sie nicht mehr anrufen sollen.', 'opt_out'],
    ['We will never call you again if you say so.', 'opt_out'],
    ['Say so if you don’t wish to be called again.', 'opt_out'],
    ['Vous parlez avec une IA.', 'ai', 'fr'],
    ['Sie sprechen mit einer KI.', 'ai', 'de'],
    ['I call for Contoso.', 'identity'],
  ])('%s', (notice, what, language = 'en') => {
    expect(missingDisclosures([what], notice, { company: 'Contoso', language })).toEqual([]);
  });

  it.each<[string, Disclosure]>([
    ['This call may be recorded. Do not call back this number.', 'opt_out'],
    ['J’ai une question pour vous.', 'ai'],
    ['I call for Artificial Flowers: READ YOUR MAIL.', 'ai'],
    ['If we miss you we will call you again tomorrow.', 'opt_out'],
    ['If we do not reach you we will call you again.', 'opt_out'],
    ['You have been called again because you asked for it.', 'opt_out'],
    ['Contoso, 12 Main Street, Ames, IA 50010.', 'ai'],
    ['Our number in South Tarawa, KI, is on our site.', 'ai'],
    ['I call for another company.', 'identity'],
  ])('but not: %s', (notice, what) => {
    expect(missingDisclosures([what], notice, { company: 'Contoso', language: 'en' })).toEqual([what]);
  });

  it('but not by the name of the company alone', () => {
    expect(missingDisclosures(['ai'], 'I call for Voice AI Ltd.', { company: 'Voice AI Ltd', language: 'en' })).toEqual(['ai']);
  });
});
