import { readSpokenMarkup } from './spoken-markup.js';

describe('reading SSML', () => {
  it('finds text, voice and speed', () => {
    const ssml =
      "<speak version='1.0' xml:lang='en-US'><voice name='en-US-JennyNeural'><mstts:express-as style='cheerful'>" +
      "<prosody rate='+10%'>Tom &amp; &quot;Jerry&quot; &#8212; &#x41;</prosody></mstts:express-as></voice></speak>";
    expect(readSpokenMarkup(ssml)).toEqual({ text: 'Tom & "Jerry" — A', voice: 'en-US-JennyNeural', rate: 1.1 });
  });

  it('takes the speed as a percentage, a factor or a word', () => {
    const rate = (value: string) => readSpokenMarkup(`<speak><prosody rate="${value}">a</prosody></speak>`)?.rate;
    expect(['-25%', '1.25', 'slow', 'nonsense'].map(rate)).toEqual([0.75, 1.25, 0.75, 1]);
  });

  it('refuses what is none', () => {
    expect(readSpokenMarkup('Hello')).toBeUndefined();
    expect(readSpokenMarkup('<speak>Hello')).toBeUndefined();
  });
});
