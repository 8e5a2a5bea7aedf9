import { checkedTranslation, TranslationRefused } from './checked-translation.js';
import type { TextsToTranslate } from './texts-to-translate.js';

const wanted = (texts: Record<string, string>, over: Partial<TextsToTranslate> = {}): TextsToTranslate => ({
  ...{ by: 'engine', tenantId: null, from: 'en', to: 'de', texts, urgent: true, personal: false },
  ...over,
});
const greeting = { introduction: 'Hello, this is {bot} of {company}.' };
const offer = { offer: 'If you would like us to call you again, please press 1.' };

/** What is wrong with the answer; null where it is taken. */
function faultOf(asked: TextsToTranslate, answer: unknown): [string, string | undefined] | null {
  try {
    checkedTranslation(asked, typeof answer === 'string' ? answer : JSON.stringify(answer));
    return null;
  } catch (error) {
    if (!(error instanceof TranslationRefused)) throw error;
    return [error.fault, error.text];
  }
}

describe('a translation of the engine’s lines', () => {
  it('is taken, without the marks and the blanks around it, and without what nobody asked for', () => {
    const answer = '```json\n{"introduction": " Guten Tag,\\nhier ist {bot} von {company}. ", "more": "Ja."}\n```';
    expect(checkedTranslation(wanted(greeting), answer)).toEqual({ introduction: 'Guten Tag, hier ist {bot} von {company}.' });
  });

  it.each([
    ['words in place of JSON', 'Guten Tag!', ['no_json', undefined]],
    ['half of it', '{"introduction": "Guten Tag', ['no_json', undefined]],
    ['a line too few', {}, ['text_missing', 'introduction']],
    ['a line that is none', { introduction: ['Guten Tag'] }, ['text_missing', 'introduction']],
    ['an empty line', { introduction: ' ' }, ['text_missing', 'introduction']],
    ['a placeholder lost', { introduction: 'Guten Tag, hier ist {bot}.' }, ['placeholders', 'introduction']],
    ['a placeholder translated', { introduction: 'Hier ist {bot} von {firma}.' }, ['placeholders', 'introduction']],
    ['a placeholder twice', { introduction: 'Hier ist {bot}, {bot} von {company}.' }, ['placeholders', 'introduction']],
    ['a brace that was left', { introduction: 'Hier ist {bot} von {company}. }' }, ['placeholders', 'introduction']],
    ['no word at all', { introduction: '{bot}{company}' }, ['other_script', 'introduction']],
    ['a speech', { introduction: `Hier ist {bot} von {company}. ${'Wie geht es Ihnen? '.repeat(10)}` }, ['length', 'introduction']],
    ['English again', { introduction: 'Hello there, this is {bot} of {company}!' }, ['not_translated', 'introduction']],
  ])('is refused with %s', (_, answer, fault) => {
    expect(faultOf(wanted(greeting), answer)).toEqual(fault);
  });

  it('names the key by its digit, in whatever script', () => {
    expect(faultOf(wanted(offer), { offer: 'Für einen weiteren Anruf drücken Sie bitte die Eins.' })).toEqual(['numbers', 'offer']);
    expect(faultOf(wanted(offer), { offer: 'Für einen weiteren Anruf drücken Sie bitte die 1.' })).toBeNull();
    expect(faultOf(wanted(offer, { to: 'ar' }), { offer: 'إذا كنت ترغب في أن نتصل بك مرة أخرى، يرجى الضغط على ١.' })).toBeNull();
    expect(faultOf(wanted(offer, { to: 'ar' }), { offer: 'إذا كنت ترغب في أن نتصل بك مرة أخرى، يرجى الضغط على ٢.' })).toEqual([
      'numbers',
      'offer',
    ]);
  });

  it.each([
    ['ur-Aran', 'السلام علیکم، یہ {company} سے {bot} ہے۔', null],
    ['en-Abcd', 'Guten Tag, hier ist {bot} von {company}.', null],
    ['ja', '{company}の{bot}でございます。', null],
    ['ko', '안녕하세요, {company}의 {bot}입니다.', null],
    ['zh-HK', '你好，我係{company}嘅{bot}。', null],
    ['sr-Latn', 'Dobar dan, ovde {bot} iz {company}.', null],
    ['sr-Latn', 'Добар дан, овде {bot} из {company}.', ['other_script', 'introduction']],
    ['el', 'Kalimera, eimai o {bot} apo {company}.', ['other_script', 'introduction']],
    ['th', 'สวัสดีค่ะ นี่คือ {bot} จาก {company} ค่ะ', null],
  ])('is written as %s is: %s', (to, introduction, fault) => {
    expect(faultOf(wanted(greeting, { to }), { introduction })).toEqual(fault);
  });
});

describe('a translation of an operator’s text', () => {
  const ofOperator = (text: string, over: Partial<TextsToTranslate> = {}) => wanted({ text }, { by: 'operator', ...over });

  it('may say a time in another way, and not a phone number', () => {
    const asked = ofOperator('Call us from 9 to 5 p.m. at 0800 555 123.');
    expect(faultOf(asked, { text: 'Rufen Sie uns von neun bis 17 Uhr unter 0800 555 123 an.' })).toBeNull();
    expect(faultOf(asked, { text: 'Rufen Sie uns von neun bis 17 Uhr unter 0800 555 124 an.' })).toEqual(['numbers', 'text']);
  });

  it('keeps the columns of the contact’s row', () => {
    expect(faultOf(ofOperator('Hello {first_name}.'), { text: 'Hallo {Vorname}.' })).toEqual(['placeholders', 'text']);
    expect(faultOf(ofOperator('{first_name}, {bot}'), { text: '{first_name}, {bot}' })).toBeNull();
  });

  it('may keep names, but is not the same again; where two languages are near, it may be', () => {
    expect(faultOf(ofOperator('Contoso Insurance thanks you.'), { text: 'Contoso Insurance dankt Ihnen.' })).toBeNull();
    expect(faultOf(ofOperator('Contoso thanks you.'), { text: 'contoso thanks you' })).toEqual(['not_translated', 'text']);
    expect(faultOf(ofOperator('Esta chamada é gravada.', { from: 'pt-PT', to: 'pt-BR' }), { text: 'Esta chamada é gravada.' })).toBeNull();
  });
});
