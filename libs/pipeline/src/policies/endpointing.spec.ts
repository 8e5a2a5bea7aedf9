import { DEFAULT_RULES, type TurnRules } from '../turn/rules.js';
import { NOTHING_HEARD, type UserState } from '../turn/state.js';
import { endpointAt, overlapAt } from './endpointing.js';

const rules: TurnRules = {
  ...DEFAULT_RULES,
  sttFinalMs: 900,
  lines: { greeting: '', stillThere: '', goodbye: '', apology: '', filler: '' },
};
const trailing = { name: 'trailing', onsetAt: 0, lastVoicedAt: 1_000, noticedAt: 1_080, resumedAt: 0, resumedMs: 0 } satisfies UserState;

describe('an utterance is over', () => {
  it.each([
    ['after the wait, when its final transcript is there', { finals: 'yes', finalAt: 1_200 }, 1_500],
    ['after the shorter wait, when it ends like a sentence', { finals: 'Yes.', finalAt: 1_200 }, 1_300],
    ['when its final transcript comes, if that is later', { finals: 'yes', finalAt: 1_700 }, 1_700],
    ['after the wait, when the interim transcript is stable', { interim: 'yes', interimSince: 900 }, 1_500],
    ['once the interim transcript is stable, if that is later', { interim: 'yes', interimSince: 1_450 }, 1_570],
    ['at the deadline of the recogniser, when nothing came', {}, 1_900],
    ['at the deadline, when the last text is from before the last voice', { finals: 'yes', finalAt: 800 }, 1_900],
    ['at the deadline, when the interim transcript never comes to rest', { interim: 'yes', interimSince: 1_890 }, 1_900],
  ])('%s', (_, hearing, at) => {
    expect(endpointAt(trailing, { ...NOTHING_HEARD, ...hearing }, rules)).toBe(at);
  });

  it('not while voice may be coming back', () => {
    expect(endpointAt({ ...trailing, resumedMs: 32 }, NOTHING_HEARD, rules)).toBeNull();
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
