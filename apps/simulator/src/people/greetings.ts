import { seededRandom, type SeededRandom } from './seeded-random.js';

export { seededRandom, type SeededRandom };

/** What is heard first after a call is answered, and by whom it is said: the labelled set that answering-machine detection is measured with. */
export interface Greeting {
  who: 'person' | 'machine';
  /** Names the kind, for figures by kind. */
  situation: string;
  /** Sentences, with a pause between them. */
  parts: readonly string[];
  /** Sounds before the first and after the last sentence; `line-beep` is that of a recorded line, and the person goes on. */
  before?: 'music' | 'sit' | 'ringback';
  after?: 'beep' | 'line-beep';
  /** Pause between sentences; 150–600 ms where it is not given. */
  pauseMs?: readonly [number, number];
}

type Template = Omit<Greeting, 'who'>;

const one = (situation: string, ...lines: string[]): Template[] => lines.map((line) => ({ situation, parts: [line] }));
const many = (situation: string, parts: string[], more: Partial<Template> = {}): Template => ({ situation, parts, ...more });

/** Thresholds and hints were made with these. */
const DEVELOPMENT: Record<Greeting['who'], readonly Template[]> = {
  person: [
    ...one('hello', 'hello?', 'hello?', 'hello, hello?', 'yes?', 'hi?', 'yeah?', 'good morning.', 'hello, who is this?'),
    ...one('name', '{first} speaking.', 'hello, this is {first}.', '{first} {last}.', 'hi, {first} here.'),
    ...one('company', '{company}, this is {first}, how can I help you?', 'good afternoon, {company}, {first} speaking.'),
    many('long', ['good morning, thank you for calling {company}.', 'my name is {first}, how may I help you today?']),
    many('long', [
      'thank you for calling {company} in Springfield, your family business since nineteen eighty four.',
      'you are speaking with {first}.',
    ]),
    many('receptionist', ['doctor {last}s office, {first} speaking.', 'the doctor is not available right now, can I take a message?']),
    many('receptionist', [
      'you have reached the office of {first} {last}.',
      'I am afraid {first} is not available right now.',
      'would you like to leave a message?',
    ]),
    many('two people', ['hello?', 'no, it is for me, give me the phone.', 'hello, sorry, who is there?'], { pauseMs: [300, 900] }),
    many('recorded line', ['{company}, good morning, this call may be recorded.', 'this is {first}, what can I do for you?'], {
      after: 'line-beep',
    }),
    many('put through', ['hello, {first} {last}.'], { before: 'ringback' }),
    many('talkative', [
      'oh hello, I have been waiting for you to call me back since yesterday.',
      'I was just about to go out with the dog.',
    ]),
    many('screening', ['hi, if you record your name and the reason for calling, I will see if this person is available.']),
    ...one('hello', 'hello?', 'hello?', 'yes, hello?', 'hey.', 'hello there.', 'good evening?', 'yes, who is calling?', 'uh, hello?'),
    ...one('name', 'this is {first}.', '{last}, hello.', 'yes, {first} {last} here.', 'you are talking to {first}.'),
    ...one(
      'company',
      'hello, you are through to {company}, my name is {first}.',
      '{company} customer care, {first} speaking, what can I do for you?',
    ),
    many('long', ['hello and welcome to {company}, the best tires in the whole county.', 'you are talking to {first}, what is it about?']),
    many('long', [
      'good morning and a happy new year from all of us here at {company}.',
      'this is {first} at the front desk, how may I direct your call?',
    ]),
    many('receptionist', [
      'office of {first} {last}, good afternoon.',
      'mister {last} is out of the office until three, would you like to leave a message?',
    ]),
    many('two people', ['yes?', 'turn that down, I am on the phone.', 'hi, sorry, go ahead.'], { pauseMs: [300, 900] }),
    many('recorded line', ['you have reached {company} on a recorded line.', '{first} speaking, how can I help?'], { after: 'line-beep' }),
    many('put through', ['yes, {last} speaking.'], { before: 'ringback' }),
    many('talkative', [
      'ah there you are, listen, I wanted to ask you about the appointment next week.',
      'my sister is coming to visit and I really can not make it on monday.',
    ]),
    many('screening', ['the person you are calling is using a screening service.', 'please say your name and why you are calling.']),
  ],
  machine: [
    many('personal', ['hi, you have reached {first}.', 'I can not come to the phone right now.', 'please leave a message after the beep.']),
    many('personal', [
      'hello, this is {first} {last}.',
      'I am not available at the moment, so leave your name and number and I will call you back.',
    ]),
    many('personal', ['hey, it is {first}.', 'leave a message.']),
    many('personal', [
      'this is {first}, sorry I missed your call.',
      'leave me a message and I will get back to you as soon as I can. thanks.',
    ]),
    many('prank', ['hello?', 'hello? can you speak up?', 'just kidding, this is my voicemail, leave a message after the tone.'], {
      pauseMs: [1_000, 1_900],
    }),
    many('carrier', [
      'your call has been forwarded to an automatic voice message system.',
      '{digits}, is not available.',
      'at the tone, please record your message.',
    ]),
    many('carrier', ['the person you are trying to reach is not available.', 'please leave a message after the tone.']),
    many('announcement', ['we are sorry, the number you have dialed is not in service.', 'please check the number and dial again.'], {
      before: 'sit',
    }),
    many('office', [
      'thank you for calling {company}.',
      'our office is currently closed.',
      'our business hours are nine to five, monday to friday.',
      'please leave a message after the tone.',
    ]),
    many('menu', [
      'thank you for calling {company}.',
      'for sales, press one.',
      'for support, press two.',
      'to repeat this menu, press nine.',
    ]),
    many(
      'jingle',
      ['welcome to {company}.', 'nobody can take your call right now.', 'please leave your name and your number after the beep.'],
      { before: 'music' },
    ),
    many('no hint', [
      'hi, this is {first} {last}.',
      'I am out and about today, probably somewhere on the road or in the garden, so you know what to do and when to do it, and have yourself a wonderful day.',
    ]),
    many('personal', ['hello, {first} and {first} are not home at the moment.', 'please speak after the beep and we will ring you back.']),
    many('personal', [
      'you have reached the voicemail of {first} {last}.',
      'please leave your message and your phone number, and I will return your call.',
    ]),
    many('personal', ['{first} here, I am unable to answer.', 'you know the drill, talk after the tone.']),
    many('personal', [
      'hi there, this is {first}.',
      'I am either on another call or away from my desk.',
      'leave a short message and I will come back to you shortly.',
    ]),
    many(
      'prank',
      ['yeah, hello?', 'who is this? I can hardly hear you.', 'that is because I am not here, so leave me a message at the beep.'],
      { pauseMs: [1_000, 1_900] },
    ),
    many('carrier', [
      'the mobile customer you are calling is unavailable.',
      'record your message at the tone.',
      'when you have finished, you may hang up.',
    ]),
    many('carrier', [
      'you have reached the mailbox of {digits}.',
      'nobody is able to take your call now.',
      'to leave a message, wait for the tone.',
    ]),
    many('announcement', ['your call cannot be completed as dialed.', 'please hang up and try again later.'], { before: 'sit' }),
    many('office', [
      'this is {company}.',
      'there is nobody in the office just now.',
      'we are open from eight until six on weekdays.',
      'leave us your name and we will ring you on the next working day.',
    ]),
    many('menu', [
      'welcome to {company}, your call is important to us.',
      'if you know the extension, you may dial it at any time.',
      'for a list of departments, press star.',
    ]),
    many(
      'jingle',
      [
        'thank you for choosing {company}.',
        'all of our lines are closed.',
        'please call again tomorrow, or leave a message after the signal.',
      ],
      { before: 'music' },
    ),
    many('no hint', [
      'this is {first}.',
      'if you are hearing this I am either fishing, sleeping, or pretending to do one of those two things, and I wish you a lovely afternoon wherever you may be right now.',
    ]),
  ],
};

/** Other wordings of the same situations, written after the hints and not looked at before measuring. */
const MEASURING: Record<Greeting['who'], readonly Template[]> = {
  person: [
    ...one('hello', 'hello?', 'hello?', 'hi, hello?', 'good day.', 'yep?', 'hello, yes?', 'morning!', 'hello, what is it?'),
    ...one('name', 'it is {first}.', '{first} on the phone.', '{last} residence.', 'hi, you have got {first}.'),
    ...one('company', '{company} service desk, you are speaking to {first}.', 'hi there, {company}, what can we do for you?'),
    many('long', [
      'good afternoon and thanks for calling {company}, where every customer counts.',
      'this is {first} in sales, how are you today?',
    ]),
    many('long', ['{company}, home of the lowest prices north of the river.', 'my name is {first}, are you calling about an order?']),
    many('receptionist', [
      '{first} {last}s phone, this is his assistant.',
      'he is in a meeting and can not be disturbed, is there anything I can tell him?',
    ]),
    many('receptionist', [
      'law offices of {last} and {last}.',
      'all of our attorneys are busy at the moment, may I have somebody call you back?',
    ]),
    many('two people', ['hello?', 'what? no, it is the phone.', 'hello, yes, I can talk now.'], { pauseMs: [300, 900] }),
    many('recorded line', ['thank you for calling {company}, all calls are recorded.', 'hello, {first} here, what is your name please?'], {
      after: 'line-beep',
    }),
    many('put through', ['hello? {first} {last}.'], { before: 'ringback' }),
    many('talkative', [
      'oh good, I thought nobody would ever call me about that washing machine.',
      'it has been leaking for three weeks and the whole kitchen smells.',
    ]),
    many('screening', [
      'hello. the person you are trying to reach screens their calls.',
      'go ahead and tell me your name, and what this is about.',
    ]),
  ],
  machine: [
    many('personal', [
      'this is the phone of {first} {last}.',
      'I can not pick up right now.',
      'please leave me a message and I will call you as soon as possible.',
    ]),
    many('personal', [
      'hello, you have reached the {last} family.',
      'we are out for the day, so please leave your name and number at the tone.',
    ]),
    many('personal', ['{first}, not here, message, beep. you know how it works.']),
    many('personal', [
      'hi, {first} speaking.',
      'I am either in a meeting or driving, so I can not answer your call.',
      'please leave a voice message or send me a text.',
    ]),
    many('prank', ['hello? yes?', 'sorry, a little louder please?', 'got you, I am not in, so leave a message.'], {
      pauseMs: [1_000, 1_900],
    }),
    many('carrier', [
      'the customer you have called is currently unable to take your call.',
      'please try again later or leave a message after the beep.',
    ]),
    many('carrier', ['welcome to the voice mail of {digits}.', 'the subscriber is not available.', 'please speak after the signal.']),
    many(
      'announcement',
      ['the number you have reached has been changed or disconnected.', 'please check the number and try your call again.'],
      { before: 'sit' },
    ),
    many('office', [
      'you have called {company} outside of our business hours.',
      'our team is back at eight in the morning.',
      'please leave your details after the tone.',
    ]),
    many('menu', [
      'hello and welcome to {company}.',
      'please listen carefully as our options have changed.',
      'for billing, press one.',
      'for anything else, stay on the line.',
    ]),
    many(
      'jingle',
      [
        '{company} wishes you a good day.',
        'we are unable to take your call.',
        'leave your number after the tone and we will call you back.',
      ],
      { before: 'music' },
    ),
    many('no hint', [
      'hey, it is {first}.',
      'the weather is fine, the car is packed and by the time you hear this we will be somewhere between the lake and the mountains, eating far too much ice cream.',
    ]),
  ],
};

const SETS = { development: DEVELOPMENT, measuring: MEASURING };
export type GreetingSet = keyof typeof SETS;

const FILLINGS: Record<string, readonly string[]> = {
  first: ['John', 'Mary', 'Robert', 'Linda', 'Sarah', 'Peter', 'Anna', 'David', 'Carol', 'Tom'],
  last: ['Miller', 'Johnson', 'Baker', 'Connor', 'Taylor', 'Fisher', 'Wood', 'Parker'],
  company: ['Miller and Sons', 'Springfield Dental', 'Acme Insurance', 'Baker Heating', 'City Motors', 'Green Valley Farm'],
  digits: [
    'five five five, oh one four two',
    'two oh six, five five five, oh one nine nine',
    'four one five, five five five, oh one seven three',
  ],
};

/** What people say when we have said who calls. */
export const REPLIES_TO_AGENT = [
  'yes, speaking.',
  'okay.',
  'sorry, who are you?',
  'yes, what is it about?',
  'uh huh, go on.',
  'no, this is not a good time, but go ahead.',
  'yes, I remember, you wrote me a letter about that.',
] as const;

/** How often a machine of a kind that takes messages beeps. */
const BEEPS = 0.75;

/** As many persons as machines, the same ones for the same seed. */
export function drawGreetings(set: GreetingSet, seed: string, count: number): Greeting[] {
  const random = seededRandom(`${set} ${seed}`);
  return Array.from({ length: count }, (_, index) => {
    const who = index % 2 === 0 ? 'person' : 'machine';
    const template = random.pick(SETS[set][who]);
    const takesMessages = who === 'machine' && template.situation !== 'announcement' && template.situation !== 'menu';
    const beep = takesMessages && random.chance(BEEPS) ? { after: 'beep' as const } : {};
    return { who, ...template, ...beep, parts: template.parts.map((part) => fill(part, random)) };
  });
}

function fill(part: string, random: SeededRandom): string {
  return part.replaceAll(/\{(\w+)\}/g, (_, name: string) => random.pick(FILLINGS[name] ?? ['']));
}
