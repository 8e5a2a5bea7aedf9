import type { CallView, MessageView } from '@carillon/contracts';
import { INITIATE } from '../testing/initiate.js';
import { parseSynthesis, synthesisRequest } from './synthesis-prompt.js';

const said = (persona: MessageView['persona'], content: string, action: MessageView['action'] = 'talk'): MessageView => ({
  ...{ persona, content, action, created_at: '2026-03-02T09:00:00Z', style: 'none', tool_calls: [] },
});

const call = (messages: MessageView[]) =>
  ({ initiate: { ...INITIATE, phone_number: '+14155550100' }, claim: { meter: '4711' }, messages }) as unknown as CallView;

it('The model is given what was said, line by line, and what was collected', () => {
  const request = synthesisRequest(
    call([said('assistant', 'Your meter reading?'), said('human', 'four seven\none one'), said('human', 'busy', 'hangup')]),
  );
  expect(request.user).toBe(
    'Collected (JSON): {"meter":"4711"}\n<transcript>\nassistant: Your meter reading?\nhuman: four seven one one\n</transcript>',
  );
  expect(request.system).toContain('Contoso');
  expect(request.schema).toMatchObject({
    required: ['short', 'long', 'satisfaction', 'improvement_suggestions'],
    additionalProperties: false,
  });
});

it('Of an endless transcript the end is given', () => {
  const { user } = synthesisRequest(call([said('human', 'first words'), said('human', 'x'.repeat(50_000)), said('human', 'last words')]));
  expect(user.length).toBeLessThan(41_000);
  expect(user).toContain('last words');
  expect(user).not.toContain('first words');
});

it('An answer that keeps to the schema is a synthesis, and nothing else passes', () => {
  const answer = { short: 'a', long: 'b', satisfaction: 'high', improvement_suggestions: 'c' };
  expect(parseSynthesis({ ...answer, extra: 1 })).toEqual(answer);
  for (const wrong of [null, 'text', {}, { ...answer, satisfaction: 'great' }, { ...answer, long: 7 }]) {
    expect(() => parseSynthesis(wrong)).toThrow('did not keep to the schema');
  }
});
