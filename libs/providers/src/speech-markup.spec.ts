import { speechMarkup } from './speech-markup.js';

const plain = { text: 'Hello', voice: 'en-US-JennyNeural', language: 'en-US', style: 'none', rate: 1 } as const;

describe('the markup of an utterance', () => {
  it('names language and voice', () => {
    expect(speechMarkup(plain)).toBe(
      "<speak version='1.0' xmlns='http://www.w3.org/2001/10/synthesis' xmlns:mstts='http://www.w3.org/2001/mstts' xml:lang='en-US'>" +
        "<voice name='en-US-JennyNeural'>Hello</voice></speak>",
    );
  });

  it('says style and speed only where they differ from the voice', () => {
    const markup = speechMarkup({ ...plain, style: 'cheerful', rate: 1.1 });
    expect(markup).toContain("<mstts:express-as style='cheerful'><prosody rate='+10%'>Hello</prosody></mstts:express-as>");
    expect(speechMarkup({ ...plain, rate: 0.85 })).toContain("<prosody rate='-15%'>");
  });

  it('pronounces terms of the trade as it is told: whole words, in capitals or not, the longest first', () => {
    const vocabulary = [{ term: 'SEPA', say: 'see-pah' }, { term: 'SEPA mandate', say: 'see-pah form' }, { term: 'IBAN' }];
    const spoken = (text: string) => /Neural'>(.*)<\/voice>/.exec(speechMarkup({ ...plain, text, vocabulary }))?.[1];
    expect(spoken('Your sepa  Mandate, SEPA, and IBAN.')).toBe(
      "Your <sub alias='see-pah form'>sepa Mandate</sub>, <sub alias='see-pah'>SEPA</sub>, and IBAN.",
    );
    expect(spoken('SEPAs, unSEPA and éSEPA are other words; SEPA-IBAN is two.')).toBe(
      "SEPAs, unSEPA and éSEPA are other words; <sub alias='see-pah'>SEPA</sub>-IBAN is two.",
    );
  });

  it('finds terms in scripts without spaces', () => {
    const vocabulary = [
      { term: '免赔额', say: '免陪鹅' },
      { term: 'CT', say: 'C T' },
    ];
    expect(speechMarkup({ ...plain, text: '您的免赔额和CT检查', vocabulary })).toContain(
      "您的<sub alias='免陪鹅'>免赔额</sub>和<sub alias='C T'>CT</sub>检查",
    );
  });

  it.each([
    [
      `O'Neil & <Sons>`,
      `x'/><audio src="y"/>`,
      "Call o'neil & <sons>!",
      `Call <sub alias='x&apos;/&gt;&lt;audio src=&quot;y&quot;/&gt;'>o&apos;neil &amp; &lt;sons&gt;</sub>!`,
    ],
    ['C++ (.*)', 'see plus', 'In c++ (.*) or C++ x', `In <sub alias='see plus'>c++ (.*)</sub> or C++ x`],
    ['sub', 'alias', 'sub', `<sub alias='alias'>sub</sub>`],
    ['a', 'a b', 'A & a', `<sub alias='a b'>A</sub> &amp; <sub alias='a b'>a</sub>`],
    ['amp', 'no', 'Tom & Jerry', 'Tom &amp; Jerry'],
    ['[z-a]\\', '$&', 'x [z-a]\\ y', `x <sub alias='$&amp;'>[z-a]\\</sub> y`],
    ['ﬀ\u{1F600}', 'f\u0000\ud800f', 'so ﬀ\u{1F600}', `so <sub alias='ff'>ﬀ\u{1F600}</sub>`],
    [' ', 'nothing', 'a b', 'a b'],
  ])('takes the term %j for what it is', (term, say, text, expected) => {
    expect(speechMarkup({ ...plain, text, vocabulary: [{ term, say }] })).toContain(`>${expected}</voice>`);
  });

  it('tells a voice of many languages which one is meant, where its own is another', () => {
    const voice = 'en-US-ShimmerTurboMultilingualNeural';
    expect(speechMarkup({ ...plain, voice, language: 'fr-FR' })).toContain("<lang xml:lang='fr-FR'>Hello</lang>");
    expect(speechMarkup({ ...plain, voice, language: 'fr-FR', rate: 1.1 })).toContain("><prosody rate='+10%'>Hello</prosody></voice>");
    for (const spoken of [{ voice }, { language: 'fr-FR' }, { language: 'zh-CN-sichuan', voice: 'zh-CN-sichuan-YunxiNeural' }]) {
      expect(speechMarkup({ ...plain, ...spoken })).not.toContain('<lang');
    }
  });

  it('never lets text become markup', () => {
    const markup = speechMarkup({ ...plain, text: `Tom & <break time='9s'/> "Jerry"`, voice: `x'><audio src='y` });
    expect(markup).toContain('Tom &amp; &lt;break time=&apos;9s&apos;/&gt; &quot;Jerry&quot;');
    expect(markup).toContain("name='x&apos;&gt;&lt;audio src=&apos;y'");
  });

  it('drops what XML cannot hold: control characters and halves of characters', () => {
    expect(speechMarkup({ ...plain, text: 'a\u0000b\u001f\ud800c \ufffed 😀\r\n\r\ne' })).toContain('>abc d 😀 e<');
  });
});
