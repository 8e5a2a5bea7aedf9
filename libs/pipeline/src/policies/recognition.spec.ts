import { DEFAULT_RULES, type ConversationRules } from '../turn/conversation-rules.js';
import { createTurnState, type Recogniser, type TurnState } from '../turn/state.js';
import { isBlamed, isDeaf, isFailing, outageAt, reopenAt, unheardFillerAt } from './recognition.js';

const rules: ConversationRules = {
  ...DEFAULT_RULES,
  lines: { greeting: '', stillThere: '', goodbye: '', apology: '', filler: 'One moment.' },
};
const inDialog: TurnState = { ...createTurnState(rules, [], 0), phase: { name: 'dialog' } };
const stt = (more: Partial<Recogniser>): Recogniser => ({ ...inDialog.stt, ...more });

describe('an outage of the recogniser', () => {
  it.each([
    ['begins with the first failure', stt({}), 0, { failures: 1, since: 10_000 }],
    ['goes on where a new stream was refused', stt({ failingSince: 4_000, failures: 2 }), 0, { failures: 3, since: 4_000 }],
    [
      'does not count the time in which there was a stream',
      stt({ failingSince: 4_000, failures: 2 }),
      4_999,
      { failures: 3, since: 8_999 },
    ],
    ['was over where the stream lasted five seconds', stt({ failingSince: 4_000, failures: 2 }), 5_000, { failures: 1, since: 10_000 }],
  ])('%s', (_, recogniser, workedMs, outage) => {
    expect(outageAt(recogniser, 10_000, workedMs)).toEqual(outage);
  });

  it('is waited out in growing pauses, for fifteen seconds', () => {
    expect([1, 2, 3, 4, 5, 9].map((failures) => reopenAt({ failures, since: 0, at: 1_000 }, rules))).toEqual([
      1_200, 1_400, 1_800, 2_600, 3_000, 3_000,
    ]);
    expect(reopenAt({ failures: 5, since: 0, at: 13_000 }, rules)).toBe(15_000);
    expect(reopenAt({ failures: 5, since: 0, at: 13_001 }, rules)).toBeNull();
  });

  it('lasts until a new stream has had three seconds', () => {
    const reopened = stt({ failures: 1, openedAt: 1_000 });
    expect([4_000, 4_001].map((at) => isFailing(reopened, at))).toEqual([true, false]);
    expect(isFailing(stt({ reopenAt: 9_000 }), 1_000)).toBe(true);
    expect(isFailing(stt({ openedAt: 1_000 }), 1_000)).toBe(false);
  });
});

describe('a person who cannot be understood for now', () => {
  const unheard = (more: Partial<Recogniser>): TurnState => ({ ...inDialog, stt: stt({ unheardSince: 1_000, reopenAt: 2_000, ...more }) });

  it('is told to wait after 1.2 and 4 s, and not a third time', () => {
    expect([0, 1, 2].map((fillers) => unheardFillerAt(unheard({ fillers })))).toEqual([2_200, 5_000, null]);
  });

  it.each([
    ['while the recogniser works', unheard({ reopenAt: null })],
    ['where nothing was said', unheard({ unheardSince: null })],
    [
      'while they speak',
      { ...unheard({}), user: { name: 'onset', onsetAt: 0, soundAt: 0, voicedMs: 0, quietMs: 0, lastVoicedAt: 0, before: 'silent' } },
    ],
    ['at the end of the call', { ...unheard({}), phase: { name: 'closing', reason: 'silence' } }],
  ] satisfies [string, TurnState][])('is told nothing %s', (_, state) => {
    expect(unheardFillerAt(state)).toBeNull();
  });
});

describe('a recogniser that says nothing of a voice', () => {
  it('is replaced at once, and in vain after twice as many utterances each time', () => {
    const needed = [0, 1, 2, 3, 4].map((replaced) => [1, 2, 4, 8, 16].find((unheard) => isDeaf(stt({ unheard, replaced }))));
    expect(needed).toEqual([1, 2, 4, 8, 8]);
  });

  it('is to blame once the one that took over from it heard nothing either', () => {
    expect([0, 1, 2].map((replaced) => isBlamed({ replaced }))).toEqual([false, true, true]);
  });
});
