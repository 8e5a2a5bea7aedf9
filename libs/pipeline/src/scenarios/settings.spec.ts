import { DEFAULT_CONVERSATION_SETTINGS, type ConversationSettings } from '@carillon/contracts';
import { STAGED_LINES, StagedCall, type ScriptedAnswer } from '@carillon/testing';
import { rulesOfSettings } from '../prompt/rules-of-settings.js';

/** What happens in a call until then, and what the model answers. */
interface Story {
  answers?: ScriptedAnswer[];
  until: number;
  greeting?: string;
  happens?: (call: StagedCall) => void;
}

/** Those that say what is said before the greeting, and what is kept: create-call-plan.spec. */
type OfThePlan = 'legal_notice' | 'event_log';
type Changes = { [K in Exclude<keyof ConversationSettings, OfThePlan>]: [changed: ConversationSettings[K], story: Story] };

const lines = { ...STAGED_LINES, handOver: 'I am putting you through.', callbackOffer: 'Press 1 for another call.' };
const LONG = 'I would like to ask you three questions about your house in the country.';
const fine = (call: StagedCall): unknown => call.says('I am fine', 1_600, 800);

const nobodySpeaks: Story = { until: 80_000 };
const modelStalls: Story = { until: 40_000, answers: [{ hangs: 'at-once' }, { text: 'Here I am.' }], happens: fine };
const modelIsGone: Story = {
  until: 20_000,
  answers: Array.from({ length: 12 }, () => ({ fails: 'at-once' as const })),
  happens: (call) => call.says('I am fine', 1_600, 800).says('hello', 8_000, 480),
};
const pauses: Story = {
  until: 11_000,
  happens: (call) => {
    call.says('I saw', 1_600, 480).says('your letter', 2_560, 480).says('last week', 3_520, 480);
    call.says('with pleasure', 7_360, 480).says('indeed', 8_320, 480);
  },
};
const changing: Story = {
  until: 6_000,
  happens: (call) => {
    call.person.speaks(1_600, 800);
    for (const [index, text] of ['the', 'the blue', 'the blue one', 'the blue one please'].entries())
      call.clock.setTimer(2_800 + index * 90, () => call.stt.interim(text));
  },
};
const keys: Story = { until: 12_000, happens: (call) => void call.clock.setTimer(2_000, () => call.session.onTone('4')) };
const keyOverAnswer: Story = {
  until: 12_000,
  answers: [{ text: LONG }],
  happens: (call) => void call.says('I am fine', 1_600, 800).clock.setTimer(4_500, () => call.session.onTone('4')),
};
const goesOn: Story = {
  until: 8_000,
  happens: (call) => call.says('the blue one', 1_600, 640).says('on the left', 2_640, 640).says('of the door', 3_680, 640),
};

const CHANGES: Changes = {
  answer_filler_timeout_ms: [null, modelStalls],
  answer_soft_timeout_sec: [2.5, modelStalls],
  answer_hard_timeout_sec: [9, modelStalls],
  answer_hard_timeout_action: ['retry', modelStalls],
  failure_hand_over: [true, modelIsGone],
  failure_callback_offer: [false, modelIsGone],
  phone_silence_prompt_sec: [7, nobodySpeaks],
  phone_silence_timeout_sec: [13, nobodySpeaks],
  recognition_retry_max: [1, nobodySpeaks],
  recognition_stt_complete_timeout_ms: [10, changing],
  vad_cutoff_timeout_ms: [
    120,
    { until: 8_000, answers: [{ text: LONG }], happens: (call) => call.says('I am fine', 1_600, 800).says('', 4_160, 200) },
  ],
  vad_silence_timeout_ms: [620, { until: 6_000, happens: fine }],
  vad_silence_confident_ms: [300, { until: 6_000, happens: (call) => call.says('I am fine.', 1_600, 800) }],
  vad_silence_max_ms: [1_000, { until: 8_000, happens: (call) => call.says('I am fine and', 1_600, 800) }],
  vad_silence_adaptive: [false, pauses],
  vad_threshold: [0.96, { until: 6_000, happens: fine }], // the scripted detector is sure to 0.95
  utterance_max_sec: [5, { until: 20_000, happens: (call) => call.says('one and the same all the time', 1_600, 9_600) }],
  greeting_interruptible: [false, { until: 9_000, greeting: LONG, happens: (call) => call.says('wait a moment', 2_560, 640) }],
  dtmf_interrupts: [false, keyOverAnswer],
  dtmf_timeout_ms: [1_700, keys],
  speculation: ['off', { until: 6_000, happens: fine }],
  speculation_waste_max: [0, goesOn],
};

/** All that a person notices of a call, and what the model is asked. */
async function courseOf(
  { answers, until, greeting = lines.greeting, happens }: Story,
  changed: Partial<ConversationSettings>,
): Promise<unknown> {
  const rules = rulesOfSettings({ ...DEFAULT_CONVERSATION_SETTINGS, ...changed });
  const requests: number[] = [];
  const call: StagedCall = new StagedCall({
    answers,
    plan: { lines: { ...lines, greeting }, rules },
    through: ({ llm, clock }) => ({ llm: { stream: (...given) => (requests.push(clock.now()), llm.stream(...given)) } }),
  });
  happens?.(call);
  await call.start().until(until);
  call.person.stop();
  call.session.end('remote');
  const { observer, media } = call;
  return {
    requests,
    frames: media.frames,
    clears: media.clears,
    said: observer.said,
    ends: observer.hangUps,
    transfers: observer.transfers,
  };
}

it.each(Object.entries(CHANGES))('%s changes how a call goes', async (name, [changed, story]) => {
  const usual = await courseOf(story, {});
  expect(await courseOf(story, {})).toEqual(usual);
  expect(await courseOf(story, { [name]: changed })).not.toEqual(usual);
});

it('every setting that turn taking has is among them', () => {
  const ofThePlan: OfThePlan[] = ['legal_notice', 'event_log'];
  expect([...Object.keys(CHANGES), ...ofThePlan].sort()).toEqual(Object.keys(DEFAULT_CONVERSATION_SETTINGS).sort());
});
