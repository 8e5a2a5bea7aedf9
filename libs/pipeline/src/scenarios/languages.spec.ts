import type { Language } from '@carillon/contracts';
import { STAGED_LINES, StagedCall, type ScriptedAnswer, type StagedCallOptions } from '@carillon/testing';
import {
  createCallTools,
  RedactedLog,
  replayCall,
  snapshotOf,
  type CallLogLine,
  type CallPlan,
  type CallSnapshot,
  type ToolExecutor,
} from '../index.js';

const LANG: Language = {
  default_short_code: 'en-US',
  availables: [
    { short_code: 'en-US', voice: 'v-en', pronunciations_en: ['English'] },
    { short_code: 'fr-FR', voice: 'v-fr', pronunciations_en: ['French'] },
    { short_code: 'zh-CN-sichuan', voice: 'v-zh', pronunciations_en: ['Sichuanese'] },
  ],
};
const FRENCH_LINES = { ...STAGED_LINES, stillThere: 'Vous êtes là ?', goodbye: 'Au revoir.', recap: 'Pardon, on a été coupés.' };

const speechIn: CallPlan['speechIn'] = (language) =>
  language === 'fr-FR'
    ? { language, voice: 'v-fr', customVoice: 'deployment-fr', lines: FRENCH_LINES }
    : { language, voice: language === 'en-US' ? 'v-en' : 'v-zh', lines: STAGED_LINES };

const call = (name: string, args: object) => ({ calls: [{ name, arguments: args }] });
const toFrench = call('speech_lang', { short_code: 'fr-FR' });

function stage({ answers, ...options }: StagedCallOptions & { answers?: (ScriptedAnswer | string)[] } = {}): StagedCall {
  const plan = { voice: 'v-en', phrases: ['Contoso'], systemPrompt: (_: unknown, language: string) => `Speak ${language}.`, speechIn };
  return new StagedCall({
    tools: createCallTools({ fields: [], claim: {}, speech: LANG }),
    ...options,
    answers,
    plan: { ...plan, ...options.plan },
  });
}

const voices = ({ tts }: StagedCall) => tts.spoken.map(({ text, request }) => [text, request.voice, request.language, request.rate]);
const languages = ({ stt }: StagedCall) => stt.streams.map(({ language }) => language);

describe('a person who wants to speak another language', () => {
  it('is answered in it at once: voice, recogniser, lines and what the model is told', async () => {
    const staged = stage({ answers: [toFrench, 'Bien sûr. Quel âge avez-vous ?'] })
      .says('French please', 1_600, 800)
      .start();
    await staged.until(20_000); // the answer is heard by 5.6 s, and ten seconds of silence follow
    expect(voices(staged)).toEqual([
      ['Hello, this is Adam.', 'v-en', 'en-US', 1],
      ['Bien sûr.', 'v-fr', 'fr-FR', 1],
      ['Quel âge avez-vous ?', 'v-fr', 'fr-FR', 1],
      ['Vous êtes là ?', 'v-fr', 'fr-FR', 1],
    ]);
    expect(staged.tts.spoken.map(({ request }) => request.customVoice)).toEqual([undefined, ...Array<string>(3).fill('deployment-fr')]);
    expect(staged.stt.streams).toMatchObject([
      { language: 'en-US', phrases: ['Contoso'] },
      { language: 'fr-FR', phrases: ['Contoso'] },
    ]);
    expect(staged.llm.requests.map(({ messages }) => messages[0]?.content)).toEqual(['Speak en-US.', 'Speak fr-FR.']);
    expect(staged.observer.errors).toEqual([]);
  });

  it('is not kept waiting for it: the answer comes as after any other tool', async () => {
    const staged = stage({ answers: [toFrench, 'Bien sûr.'] })
      .says('French please', 1_600, 800)
      .start();
    await staged.until(6_000);
    expect(staged.observer.ledgers).toMatchObject([{ llmFirstTokenMs: 400 }]); // two rounds of 200
  });

  it('hears to its end, in the voice before, what was said before the tool', async () => {
    const answer = { text: 'Of course, I will do that now. One second.', ...toFrench };
    const staged = stage({ answers: [answer, 'Voilà.'] })
      .says('French please', 1_600, 800)
      .start();
    await staged.until(8_000);
    expect(voices(staged).slice(1)).toEqual([
      ['Of course, I will do that now.', 'v-en', 'en-US', 1],
      ['One second.', 'v-en', 'en-US', 1],
      ['Voilà.', 'v-fr', 'fr-FR', 1],
    ]);
    expect(staged.observer.transcript.at(-1)).toBe('assistant: Of course, I will do that now. One second. Voilà.');
  });

  it('is understood by the words of that language: a backchannel does not cut', async () => {
    const staged = stage({ answers: [toFrench, 'Je vais vous expliquer tout cela en détail, et cela va durer un peu.'] });
    staged.says('French please', 1_600, 800).says('bien sûr', 5_600, 480).start();
    await staged.until(8_000); // the answer is heard until 7575
    expect(staged.media.clears).toEqual([]);
    expect(staged.observer.signs).toMatchObject([{ type: 'false-pause', cause: 'backchannel' }]);
    expect(staged.observer.transcript.at(-1)).toContain('et cela va durer un peu.');
  });

  it('may be back in the first one, and a language that is spoken already changes nothing', async () => {
    const toEnglish = call('speech_lang', { short_code: 'English' });
    const staged = stage({ answers: [toFrench, 'Oui.', toEnglish, 'Yes.', toEnglish, 'Yes again.'] });
    staged.says('French please', 1_600, 800).says('anglais', 6_400, 800).says('english', 11_200, 800).start();
    await staged.until(15_000);
    expect(languages(staged)).toEqual(['en-US', 'fr-FR', 'en-US']);
    expect(voices(staged).slice(1)).toEqual([
      ['Oui.', 'v-fr', 'fr-FR', 1],
      ['Yes.', 'v-en', 'en-US', 1],
      ['Yes again.', 'v-en', 'en-US', 1],
    ]);
  });

  it('that is not spoken here is told so by the model, which reads why, and all stays as it was', async () => {
    const staged = stage({ answers: [call('speech_lang', { short_code: 'it-IT' }), 'I am sorry.'] })
      .says('Italian please', 1_600, 800)
      .start();
    await staged.until(6_000);
    expect(languages(staged)).toEqual(['en-US']);
    expect(voices(staged).at(-1)).toEqual(['I am sorry.', 'v-en', 'en-US', 1]);
    expect(staged.llm.requests[1]?.messages.at(-1)?.content).toBe(
      '{"error":"\\"it-IT\\" is not spoken here. Use one of: en-US, fr-FR, zh-CN-sichuan. Nothing was changed."}',
    );
  });
});

describe('a recogniser that is opened in another language', () => {
  it('hears what is being said right then from its beginning, and nothing of it is understood in the language before', async () => {
    const tools = createCallTools({ fields: [], claim: {}, speech: LANG });
    // the tool answers at 3500, 300 ms into what the person says over it
    const pause = () => new Promise<void>((resolve) => void staged.clock.setTimer(staged.clock.now() + 400, resolve));
    const run: ToolExecutor['run'] = async (...given) => pause().then(() => tools.run(...given));
    const staged: StagedCall = stage({ answers: [toFrench, 'Oui.'], tools: { ...tools, run } });
    staged.says('French please', 1_600, 800).start();
    staged.stt.expect('garbage of the first recogniser');
    staged.stt.expect('je suis là');
    staged.person.speaks(3_200, 960);
    await staged.until(8_000);
    expect(languages(staged)).toEqual(['en-US', 'fr-FR']);
    expect(staged.stt.streams[1]?.voiceMs).toBe(960);
    expect(staged.observer.transcript.slice(1).join(' | ')).toContain('human: je suis là');
    expect(staged.observer.transcript.join(' | ')).not.toContain('garbage');
  });

  it('hears nothing twice of what was a turn already', async () => {
    const staged = stage({ answers: [toFrench, 'Oui.'] })
      .says('French please', 1_600, 800)
      .start();
    await staged.until(8_000);
    expect(staged.stt.streams.map(({ voiceMs }) => voiceMs)).toEqual([800, 0]);
    expect(staged.stt.framesIn).toBe(staged.session.stats.framesIn);
  });

  it('and breaks, is opened again in that language', async () => {
    const staged = stage({ answers: [toFrench, 'Oui.'] })
      .says('French please', 1_600, 800)
      .start();
    await staged.until(4_000);
    staged.stt.fail();
    await staged.until(5_000);
    expect(languages(staged)).toEqual(['en-US', 'fr-FR', 'fr-FR']);
    expect(staged.stt.framesIn).toBeGreaterThan(staged.session.stats.framesIn); // what no transcript covers is heard again
  });
});

describe('a worker that is lost after the language was changed', () => {
  const goOn = async (first: StagedCall, change: (snapshot: CallSnapshot) => CallSnapshot = (same) => same) => {
    const snapshot = change(JSON.parse(JSON.stringify(snapshotOf(first.session.state, first.clock.now()))) as CallSnapshot);
    const second = stage({ answers: ['Bon.'], snapshot })
      .says('quarante', 4_800, 800)
      .start();
    await second.until(10_000);
    return second;
  };
  const french = async () => {
    const first = stage({
      answers: [{ calls: [...toFrench.calls, ...call('speech_speed', { speed: 0.8 }).calls] }, 'Quel âge avez-vous ?'],
    });
    await first.says('French please, and slowly', 1_600, 800).start().until(6_000);
    return first;
  };

  it('is followed by one that goes on in it, at the same speed', async () => {
    const second = await goOn(await french());
    expect(languages(second)).toEqual(['fr-FR']);
    expect(voices(second)).toEqual([
      ['Pardon, on a été coupés. Quel âge avez-vous ?', 'v-fr', 'fr-FR', 0.8],
      ['Bon.', 'v-fr', 'fr-FR', 0.8],
    ]);
    expect(second.llm.requests[0]?.messages[0]?.content).toBe('Speak fr-FR.');
  });

  it('or, where an older version wrote it down, in the language in which the call began', async () => {
    const second = await goOn(await french(), ({ speech: _, ...older }) => older);
    expect(languages(second)).toEqual(['en-US']);
    expect(second.session.state.speech).toEqual({});
  });
});

describe('a person who wants to be spoken with slower or faster', () => {
  it.each([
    [0.8, 0.8, '{"speed":0.8}'],
    ['1.1', 1.1, '{"speed":1.1}'],
    [3, 1.25, '{"speed":1.25,"note":"It can be from 0.75 to 1.25."}'],
    [0.1, 0.75, '{"speed":0.75,"note":"It can be from 0.75 to 1.25."}'],
    ['slow', 1, '{"error":"\\"speed\\" must be a number from 0.75 to 1.25. Nothing was changed."}'],
  ])('%j makes %d', async (speed, rate, told) => {
    const staged = stage({ answers: [call('speech_speed', { speed }), 'Like this?'] })
      .says('slower please', 1_600, 800)
      .start();
    await staged.until(6_000);
    expect(voices(staged).at(-1)).toEqual(['Like this?', 'v-en', 'en-US', rate]);
    expect(staged.llm.requests[1]?.messages.at(-1)?.content).toBe(told);
    expect(languages(staged)).toEqual(['en-US']);
  });
});

it('the log of such a call gives the same effects again, also without a word of what was said', async () => {
  const lines: CallLogLine[] = [];
  const staged = stage({ answers: [toFrench, 'Oui, madame.'], log: { append: (line) => void lines.push(line) } });
  staged.says('French please', 1_600, 800).start();
  await staged.until(20_000);
  staged.session.end('remote');
  const redacted: CallLogLine[] = [];
  const mask = new RedactedLog({ append: (line) => void redacted.push(line) });
  for (const line of JSON.parse(JSON.stringify(lines)) as CallLogLine[]) mask.append(line);
  mask.close();
  expect(replayCall(lines)).toMatchObject({ difference: null });
  expect(replayCall(redacted)).toMatchObject({ difference: null });
  expect(JSON.stringify(redacted)).not.toMatch(/coupés|madame/);
});
