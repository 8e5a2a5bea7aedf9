import { DEFAULT_RULES, type ConversationRules } from '../turn/conversation-rules.js';
import { createTurnState, NOTHING_HEARD, type Hearing, type UserState } from '../turn/state.js';
import { draftableAt, endpointAt, overlapAt } from './endpointing.js';

const rules: ConversationRules = {
  ...DEFAULT_RULES,
  sttFinalMs: 900,
  lines: { greeting: '', stillThere: '', goodbye: '', apology: '', filler: '' },
};
const trailing = {
  name: 'trailing',
  onsetAt: 0,
  lastVoicedAt: 1_000,
  noticedAt: 1_080,
  resumedAt: 0,
  soundAt: 0,
  resumedMs: 0,
} satisfies UserState;
const heard = (hearing: Partial<Hearing>, user: UserState = trailing) => ({
  ...createTurnState(rules, [], 0),
  user,
  hearing: { ...NOTHING_HEARD, ...hearing },
});

describe('an utterance is over', () => {
  it.each([
    ['after the wait, when its final transcript is there', { finals: 'I am fine', finalAt: 1_200 }, 1_500],
    ['after the shorter wait, when it ends like a sentence', { finals: 'I am fine.', finalAt: 1_100 }, 1_180],
    ['when its final transcript comes, if that is later', { finals: 'I am fine', finalAt: 1_700 }, 1_700],
    ['after the wait, when the interim transcript is stable', { interim: 'I am fine', interimSince: 900 }, 1_500],
    ['once the interim transcript is stable, if that is later', { interim: 'I am fine', interimSince: 1_450 }, 1_570],
    ['100 ms after the wait, when the interim transcript does not come to rest', { interim: 'I am fine', interimSince: 1_590 }, 1_600],
    ['at the deadline of the recogniser, when nothing came', {}, 1_900],
    ['at the deadline, when the last text is from before the last voice', { finals: 'I am fine', finalAt: 800 }, 1_900],
    ['later, when it ends with a word that nobody ends with', { finals: 'I am fine and', finalAt: 1_200 }, 3_000],
    ['later, when it ends in the middle of a number', { finals: 'it is five five five', finalAt: 1_200 }, 2_250],
  ])('%s', (_, hearing, at) => {
    expect(endpointAt(heard(hearing))).toBe(at);
  });

  it('not while voice may be coming back', () => {
    expect(endpointAt(heard({}, { ...trailing, resumedMs: 32 }))).toBeNull();
  });

  it('as the semantic model says, where the rules cannot tell', () => {
    const state = heard({ finals: 'the blue one', finalAt: 1_050 });
    expect(endpointAt(state)).toBe(1_500);
    expect(endpointAt({ ...state, semantic: { text: 'the blue one', probability: 0.95 } })).toBe(1_180);
    expect(endpointAt({ ...state, semantic: { text: 'the blue one', probability: 0.7 } })).toBe(1_340); // half way
    expect(endpointAt({ ...state, semantic: { text: 'the', probability: 0.95 } })).toBe(1_500); // of another text
  });

  it('later for a person who makes long pauses, sooner for one who makes short ones', () => {
    const state = heard({ finals: 'the blue one', finalAt: 1_050 });
    expect(endpointAt({ ...state, pauses: { count: 3, meanMs: 450 } })).toBe(1_630);
    expect(endpointAt({ ...state, pauses: { count: 3, meanMs: 5_000 } })).toBe(1_900); // 1.8 × 500 at most
    expect(endpointAt({ ...state, pauses: { count: 3, meanMs: 100 } })).toBe(1_350); // 0.7 × 500 at least
    expect(endpointAt({ ...state, pauses: { count: 1, meanMs: 450 } })).toBe(1_500); // one pause is no habit
  });
});

describe('the model may be asked early', () => {
  it.each([
    ['as soon as a transcript that came after the voice has stood for a moment', { interim: 'I am fine', interimSince: 1_100 }, 1_120],
    ['when the pause is noticed, where the transcript was stable before', { interim: 'I am fine', interimSince: 900 }, 1_080],
    ['with the final transcript', { finals: 'I am fine', finalAt: 1_200 }, 1_200],
    ['not without a word', {}, null],
    ['not where more must follow', { interim: 'I am fine and', interimSince: 900 }, null],
  ])('%s', (_, hearing, at) => {
    expect(draftableAt(heard(hearing))).toBe(at);
  });
});

describe('words that no turn has taken', () => {
  it.each([
    ['are answered at once when they came into the silence', { finals: 'yes', finalAt: 5_100 }, 5_100],
    ['are answered after a while when they were said over the agent', { finals: 'yes', finalAt: 4_000 }, 6_500],
    ['wait for their final transcript', { interim: 'yes', interimSince: 6_000 }, 6_900],
    ['are none', {}, null],
  ])('%s', (_, hearing, at) => {
    expect(overlapAt({ ...NOTHING_HEARD, ...hearing }, 5_000, rules)).toBe(at);
  });
});
