import { conversationOutcome } from './conversation-outcome.js';

const over = { exchangesBefore: 0, goesOn: false };

it('a conversation counts the exchanges of all its sockets', () => {
  const turns = { exchanges: 2, agentClosed: true, machine: null };
  expect(conversationOutcome(turns, { exchangesBefore: 3, goesOn: false })).toEqual({ exchanges: 5, agentClosed: true });
});

it('a machine that seemed to answer us is a voicemail all the same', () => {
  const turns = { exchanges: 1, agentClosed: false, machine: 'answered' as const };
  expect(conversationOutcome(turns, over)).toEqual({ exchanges: 0, agentClosed: false, disposition: 'voicemail' });
});

it('a machine that heard our message to its end has it', () => {
  const turns = { exchanges: 0, agentClosed: false, machine: 'message_left' as const };
  expect(conversationOutcome(turns, over)).toMatchObject({ disposition: 'message_left' });
});

it('nothing is decided while another socket goes on with the call', () => {
  const turns = { exchanges: 0, agentClosed: false, machine: 'answered' as const };
  expect(conversationOutcome(turns, { ...over, goesOn: true }).disposition).toBeUndefined();
});
