import { callRequestSchema, initiateSchema } from './call-request.js';
import { baseLanguage, findLanguage, languageSchema } from './language.js';

const entry = (short_code: string, ...pronunciations_en: string[]) => ({ short_code, voice: 'v', pronunciations_en });
const langOf = (...codes: string[]) => ({ default_short_code: codes[0] ?? '', availables: codes.map((code) => entry(code)) });

describe('the code of a language', () => {
  it.each(['en-US', 'fil-PH', 'wuu-CN', 'zh-CN-sichuan', 'sr-Latn-RS'])('may be %s', (code) => {
    expect(languageSchema.parse(langOf(code)).default_short_code).toBe(code);
  });

  it.each(['english', 'en', 'en_US', 'EN-us', 'zh-CN-Sichuan', 'en-US-x1', "en-US'", `en-US-${'x'.repeat(21)}`])(
    'may not be %s, and the message says how it looks',
    (code) => {
      const { error } = languageSchema.safeParse(langOf(code));
      expect(error?.issues[0]).toMatchObject({ path: ['availables', 0, 'short_code'], message: expect.stringContaining('zh-CN-sichuan') });
    },
  );

  it('without its dialect is what lines and word lists go by', () => {
    expect(['en-GB', 'zh-CN-sichuan', 'wuu-CN', 'yue-HK', 'sr-Latn-RS', 'fr'].map(baseLanguage)).toEqual([
      'en',
      'zh',
      'zh',
      'zh',
      'sr',
      'fr',
    ]);
  });
});

describe('the language that somebody means', () => {
  const find = (wanted: string, ...codes: string[]) => findLanguage(langOf(...codes), wanted)?.short_code;

  it.each([
    ['de-DE', 'de-DE'],
    [' DE_de ', 'de-DE'],
    ['de', 'de-DE'],
    ['de-CH', 'de-DE'],
    ['en', 'en-US'],
    ['en-AU', 'en-US'],
    ['en-GB', 'en-GB'],
    ['it', undefined],
    ['', undefined],
    ['deutsch', undefined],
  ])('by %j is %s', (wanted, found) => {
    expect(find(wanted, 'en-US', 'en-GB', 'de-DE')).toBe(found);
  });

  it('may be a dialect, or the nearest to one', () => {
    expect(find('zh-CN', 'zh-CN-sichuan', 'zh-CN')).toBe('zh-CN');
    expect(find('zh-CN-sichuan', 'zh-TW', 'zh-CN', 'wuu-CN')).toBe('zh-CN');
    expect(find('wuu', 'zh-CN', 'wuu-CN')).toBe('wuu-CN');
    expect(find('yue-HK', 'en-US', 'zh-CN')).toBe('zh-CN');
    expect(find('sr-RS', 'sr-Cyrl-RS', 'sr-Latn-RS')).toBe('sr-Cyrl-RS');
  });

  it('may be called by a name under which it is offered', () => {
    const lang = { default_short_code: 'en-US', availables: [entry('en-US', 'English'), entry('fr-FR', 'French', 'France', '')] };
    expect(findLanguage(lang, 'french')?.short_code).toBe('fr-FR');
    expect(findLanguage(lang, ' ')).toBeNull();
  });
});

describe('vocabulary and style of a call', () => {
  const body = { bot_company: 'Contoso', bot_name: 'Ada', agent_phone_number: '+14155552671' };
  const faultsOf = (more: object) =>
    initiateSchema.safeParse({ ...body, ...more }).error?.issues.map(({ path, message }) => [path.join('.'), message]);

  it('are none where nobody gives them: the body of the reference peer is as good as before', () => {
    const request = callRequestSchema.parse({ ...body, phone_number: '+14155552672' });
    expect(request).toMatchObject({ vocabulary: [], voice_style: 'none', prosody_rate: 1 });
  });

  it('are taken as they are given, without the blanks around them', () => {
    const vocabulary = [{ term: ' SEPA ', say: 'see-pah' }, { term: '免赔额' }, { term: "O'Neil & <Sons>" }];
    expect(initiateSchema.parse({ ...body, vocabulary, voice_style: 'customerservice' })).toMatchObject({
      vocabulary: [{ term: 'SEPA', say: 'see-pah' }, { term: '免赔额' }, { term: "O'Neil & <Sons>" }],
      voice_style: 'customerservice',
    });
  });

  it('are refused with what is wrong', () => {
    expect(faultsOf({ vocabulary: [{ term: '…' }] })).toEqual([['vocabulary.0.term', 'must hold a letter or a digit']]);
    expect(faultsOf({ vocabulary: [{ term: 'x'.repeat(101) }] })).toEqual([['vocabulary.0.term', expect.stringContaining('100')]]);
    expect(faultsOf({ vocabulary: [{ term: 'SEPA' }, { term: 'sepa' }] })).toEqual([['vocabulary.1.term', '"sepa" is in the list twice']]);
    expect(faultsOf({ vocabulary: Array.from({ length: 301 }, (_, at) => ({ term: `t${at}` })) })).toEqual([
      ['vocabulary', expect.stringContaining('300')],
    ]);
    expect(faultsOf({ vocabulary: ['SEPA'] })).toEqual([['vocabulary.0', expect.stringContaining('object')]]);
    expect(faultsOf({ voice_style: 'funny' })).toEqual([['voice_style', expect.stringContaining('"cheerful"')]]);
  });
});
