import { DEFAULT_RULES } from '../turn/conversation-rules.js';
import { overlapMeaning, type OverlapMeaning } from './barge-in.js';

const rules = { ...DEFAULT_RULES, lines: { greeting: '', stillThere: '', goodbye: '', apology: '', filler: '' } };
const SPOKEN = 'Thank you for calling. Is your name Ann Lee?';

describe('said over the agent', () => {
  it.each<[string, OverlapMeaning]>([
    ['', 'nothing'],
    ['mhm', 'backchannel'],
    ['Uh-huh.', 'backchannel'],
    ['Yeah, okay', 'backchannel'],
    ['right right', 'backchannel'],
    ['嗯', 'backchannel'],
    ['对对对', 'backchannel'],
    ['好的，是的', 'backchannel'],
    ['thank you for calling', 'echo'],
    ['for calling', 'echo'],
    ['calling', 'nothing'],
    ['stop', 'clear'],
    ['wait', 'clear'],
    ['等一下', 'clear'],
    ['不用', 'clear'],
    ['Tuesday', 'something'],
    ['what does it cost', 'clear'],
    ['yes but not now', 'clear'],
    ['多少钱', 'clear'],
    ['多少', 'something'],
  ])('"%s" is %s', (text, meaning) => {
    expect(overlapMeaning(text, SPOKEN, rules)).toBe(meaning);
  });
});
