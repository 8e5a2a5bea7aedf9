import { addressFact, type Facts, nameFact } from './facts.js';
import type { Person, Temperament } from './person.js';
import { FakePhone } from './testing/fake-phone.js';

const facts: Facts = {
  full_name: nameFact('Jane', 'Doe'),
  street_address: addressFact(412, 'Maple Street'),
  order_number: { value: '4172', spoken: ['four one seven two'] },
  city: { value: 'Boston', spoken: ['boston'] },
};
const jane = (temperament: Temperament): Person => ({ phoneE164: '+14155550142', temperament, voice: 'rms', facts });

test('a terse person waits for the end of each question, reacts within a second of silence, says goodbye and leaves hanging up to the agent', async () => {
  const phone = new FakePhone(jane('terse'));
  await phone.pass(500);
  await phone.agentSays('hello this is clara could you tell me your full name please');
  const asked = phone.nowMs;
  expect(await phone.personAnswers()).toBe('jane doe');
  const answeredAfterMs = (phone.log.at(-1)?.atMs ?? 0) - asked;
  expect(answeredAfterMs).toBeGreaterThanOrEqual(850);
  expect(answeredAfterMs).toBeLessThanOrEqual(1_250);
  await phone.agentSays('thank you what is your street address');
  expect(await phone.personAnswers()).toBe('four one two maple street');
  await phone.agentSays('thank you goodbye');
  expect(await phone.personAnswers()).toBe('goodbye');
  await phone.pass(4_000);
  expect(phone.ended).toBe(false);
  await phone.pass(2_000);
  expect(phone.ended).toBe(true);
});

test('an acknowledgement and the question after a pause are one turn for the person', async () => {
  const phone = new FakePhone(jane('terse'));
  await phone.agentSays('thank you');
  await phone.pass(1_400);
  await phone.agentSays('and what is your order number');
  expect(await phone.personAnswers()).toBe('four one seven two');
  expect(phone.texts('person')).toEqual(['four one seven two']);
});

test('a question that follows a greeting after a short pause gets the only answer', async () => {
  const phone = new FakePhone(jane('terse'));
  await phone.agentSays('hello this is clara from parcel street');
  await phone.pass(1_200);
  await phone.agentSays('could you tell me your full name please');
  expect(await phone.personAnswers()).toBe('jane doe');
  expect(phone.texts('person')).toEqual(['jane doe']);
});

test('a mere greeting is answered when nothing follows', async () => {
  const phone = new FakePhone(jane('terse'));
  await phone.agentSays('hello this is clara from parcel street');
  expect(await phone.personAnswers()).toBe('yes hello');
});

test('somebody who hears nothing says hello, asks twice whether anybody is there, and hangs up', async () => {
  const phone = new FakePhone(jane('terse'));
  await phone.pass(60_000);
  expect(phone.texts('person')).toEqual(['hello', 'hello are you still there', 'hello are you still there']);
  expect(phone.ended).toBe(true);
});

test('an impatient person answers a later question while it is still being asked, and does not answer it twice', async () => {
  const phone = new FakePhone(jane('interrupts'));
  await phone.agentSays('hello this is clara could you tell me your full name please');
  await phone.personAnswers();
  const questions = [
    'and your order number please i need it to find the parcel of yours',
    'and what is your city please i mean the place where you live now',
  ];
  const overlaps: boolean[] = [];
  for (const question of [...questions, ...questions]) {
    const before = phone.texts('person').length;
    await phone.agentSays(question, { yields: true });
    overlaps.push(phone.personSpeaking);
    if (!phone.personSpeaking) await phone.personAnswers();
    else await phone.pass(5_000);
    expect(phone.texts('person')).toHaveLength(before + 1);
  }
  expect(phone.texts('person').slice(1)).toEqual(['four one seven two', 'boston', 'four one seven two', 'boston']);
  expect(overlaps.filter(Boolean).length).toBeGreaterThanOrEqual(1);
  expect(overlaps.filter(Boolean).length).toBeLessThanOrEqual(2);
});

test('an interruption before the topic is known says something else, and the answer comes when asked again', async () => {
  const phone = new FakePhone(jane('interrupts'));
  const long = 'thank you so very much indeed for all of this and now then';
  for (let turn = 0; turn < 3 && phone.texts('person').at(-1) !== 'wait a moment please'; turn += 1) {
    await phone.agentSays(`${long} what is your city`, { yields: true });
    await phone.pass(3_000);
  }
  expect(phone.texts('person')).toContain('wait a moment please');
  await phone.agentSays('what is your city', { yields: true });
  await phone.pass(3_000);
  expect(phone.texts('person').at(-1)).toBe('boston');
});

test('one who hangs up does it in the middle of the second or third sentence', async () => {
  const phone = new FakePhone(jane('hangs-up'));
  for (let turn = 0; turn < 4 && !phone.ended; turn += 1) {
    await phone.agentSays('could you tell me your full name please');
    await phone.personAnswers();
  }
  const last = phone.log.at(-1);
  expect(phone.texts('person').length).toBeGreaterThanOrEqual(2);
  expect(phone.texts('person').length).toBeLessThanOrEqual(3);
  const fullMs = (last?.text.split(' ').length ?? 0) * 300;
  expect((phone.hungUpAtMs ?? 0) - (last?.atMs ?? 0)).toBeLessThan(fullMs * 0.6);
});

test('a silent person never says a word', async () => {
  const phone = new FakePhone(jane('silent'));
  await phone.agentSays('hello could you tell me your full name please');
  await phone.pass(40_000);
  expect(phone.texts('person')).toEqual([]);
});

test('a voicemail greets over the agent, sounds a tone, records in silence and hangs up', async () => {
  const phone = new FakePhone(jane('voicemail'));
  await phone.agentSays('hello could you tell me your full name please');
  await phone.pass(10_000);
  expect(phone.texts('person')).toEqual([expect.stringContaining('after the tone'), '(a tone)']);
  expect(phone.log.find(({ who }) => who === 'person')?.atMs).toBeLessThanOrEqual(400);
  expect(phone.statistics.messagesRecorded).toBe(0);
  await phone.pass(40_000);
  expect(phone.ended).toBe(true);
});

test('a voicemail records what is said after its tone', async () => {
  const phone = new FakePhone(jane('voicemail'));
  await phone.pass(12_000);
  await phone.agentSays('please call us back');
  expect(phone.statistics.messagesRecorded).toBe(1);
});

test('a wrong number hears who is calling, says so, and hangs up after the answer', async () => {
  const phone = new FakePhone(jane('wrong-number'));
  await phone.agentSays('hello could you tell me your full name please');
  expect(await phone.personAnswers()).toContain('wrong number');
  await phone.agentSays('i am sorry goodbye');
  await phone.pass(2_000);
  expect(phone.ended).toBe(true);
  expect(phone.texts('person')).toHaveLength(1);
});
