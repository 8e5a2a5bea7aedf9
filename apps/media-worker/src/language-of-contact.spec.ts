import type { CallContext } from '@carillon/contracts';
import { createRealClock, ScriptedLlm, ScriptedStt, ScriptedTts, ScriptedVad } from '@carillon/testing';
import { TestPhone, callContext, eventually, openSocket, stageWorker } from './media-worker.spec-support.js';
import { speechOfCall } from './speech-of-call.js';

const LANG = {
  default_short_code: 'en-US',
  availables: [
    { short_code: 'en-US', voice: 'v-en', pronunciations_en: ['English'] },
    { short_code: 'fr-FR', voice: 'v-fr', pronunciations_en: ['French'], custom_voice_endpoint_id: 'deployment-fr' },
  ],
};
const { initiate } = callContext('x');
const inLanguages = { initiate: { ...initiate, lang: LANG, vocabulary: [{ term: 'SEPA', say: 'see-pah' }] } };

function stageVoices() {
  const clock = createRealClock();
  const tts = new ScriptedTts({ clock, ttfbMs: 10, msPerCharacter: 4 });
  const toFrench = { calls: [{ name: 'speech_lang', arguments: { short_code: 'fr' } }] };
  const llm = new ScriptedLlm({ clock, answers: [toFrench, 'Avec plaisir.'], ttftMs: 10, tokenMs: 1 });
  const stt = new ScriptedStt({ utterances: () => 'French please' });
  return { tts, stt, providers: { vad: new ScriptedVad(), stt, llm, tts } };
}

describe('a contact of another language', () => {
  const variables = { Language: 'fr' };

  it('is greeted and heard in it', async () => {
    const { tts, stt, providers } = stageVoices();
    const staged = await stageWorker({ contexts: [callContext('c1', { ...inLanguages, variables })], providersFor: () => providers });
    const phone = new TestPhone(await openSocket(await staged.mediaUrl('c1')));
    await eventually(() => tts.spoken.length > 0, 'the greeting is being said');
    const [greeting] = tts.spoken;
    expect(greeting?.text).toMatch(/^Bonjour, ici Adam/);
    expect(greeting?.request).toMatchObject({ language: 'fr-FR', voice: 'v-fr', customVoice: 'deployment-fr' });
    expect(stt.streams).toMatchObject([{ language: 'fr-FR', phrases: expect.arrayContaining(['SEPA']) }]);
    phone.socket.close();
    await staged.worker.close();
  });

  it('has their greeting rendered ahead in that voice, as the call will ask for it, and without being taken for personal', () => {
    const { forEverybody } = speechOfCall(callContext('c1', { ...inLanguages, campaignId: 'campaign', variables }), new Date(0));
    expect(forEverybody[0]).toMatchObject({
      ...{ text: expect.stringMatching(/^Bonjour/), language: 'fr-FR', voice: 'v-fr', customVoice: 'deployment-fr' },
      vocabulary: [{ term: 'SEPA', say: 'see-pah' }],
    });
  });
});

it('the lines that must be there when nothing else works are rendered for each language that a call comes to', async () => {
  const { tts, providers } = stageVoices();
  const prepared: string[] = [];
  const prepare = (context: CallContext) => void prepared.push(speechOfCall(context, new Date(0)).forEverybody[0]?.language ?? '');
  const staged = await stageWorker({ contexts: [callContext('c1', inLanguages)], providersFor: () => providers, prepare });
  const phone = new TestPhone(await openSocket(await staged.mediaUrl('c1')));
  await eventually(() => staged.live.some((event) => event.type === 'call.said'), 'the greeting is heard to its end');
  phone.speak(500);
  await eventually(() => tts.spoken.length > 1, 'the answer is being said');
  expect(prepared).toEqual(['en-US', 'fr-FR']);
  phone.socket.close();
  await staged.worker.close();
});

it('a worker that takes a call over goes on in the language that the person had asked for', async () => {
  const first = stageVoices();
  const second = stageVoices();
  const memory = await stageWorker({ contexts: [callContext('c1', inLanguages)] });
  const lost = await stageWorker({ outside: memory.outside, providersFor: () => first.providers });
  const other = await stageWorker({ outside: memory.outside, providersFor: () => second.providers });
  const phone = new TestPhone(await openSocket(await lost.mediaUrl('c1')));
  await eventually(() => memory.live.some((event) => event.type === 'call.said'), 'the greeting is heard to its end');
  phone.speak(500);
  await eventually(() => first.tts.spoken.some(({ text }) => text === 'Avec plaisir.'), 'the answer is being said');
  expect(first.tts.spoken.at(-1)?.request).toMatchObject({ language: 'fr-FR', voice: 'v-fr' });
  phone.socket.terminate();
  await eventually(() => memory.calls.get('c1')?.kept?.call.turns.speech?.language === 'fr-FR', 'the language is kept');
  const again = new TestPhone(await openSocket(await other.mediaUrl('c1')));
  await eventually(() => second.tts.spoken.length > 0, 'the person hears of it');
  expect(second.tts.spoken[0]).toMatchObject({ text: expect.stringMatching(/^Pardon/), request: { language: 'fr-FR', voice: 'v-fr' } });
  expect(second.stt.streams.map(({ language }) => language)).toEqual(['fr-FR']);
  again.socket.close();
  await Promise.all([lost.worker.close(), other.worker.close(), memory.worker.close()]);
});
