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

  it('never lets text become markup', () => {
    const markup = speechMarkup({ ...plain, text: `Tom & <break time='9s'/> "Jerry"`, voice: `x'><audio src='y` });
    expect(markup).toContain('Tom &amp; &lt;break time=&apos;9s&apos;/&gt; &quot;Jerry&quot;');
    expect(markup).toContain("name='x&apos;&gt;&lt;audio src=&apos;y'");
  });

  it('drops what XML cannot hold: control characters and halves of characters', () => {
    expect(speechMarkup({ ...plain, text: 'a\u0000b\u001f\ud800c \ufffed 😀\r\n\r\ne' })).toContain('>abc d 😀 e<');
  });
});
