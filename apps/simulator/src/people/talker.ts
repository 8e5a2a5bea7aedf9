import { type Answer, Conversation } from './answer.js';
import { understand } from './comprehension.js';
import { type Interruption, InterruptionPlan } from './interruption.js';
import type { LineTimer } from './line-clock.js';
import type { Behaviour, PhoneCall } from './phone-call.js';
import { type Manner, type PlainLine, sayFact, sayPlain } from './phrasing.js';
import type { Person } from './person.js';
import type { Topic } from './topic.js';

/** From the end of the agent's turn, as far as the ears can tell, to the answer. */
const REACTION_MS = { min: 200, max: 500 };

/** How much longer one waits after a mere greeting: the agent's question is likely to follow. */
const AFTER_GREETING_MS = 900;

/** Somebody who has picked up and hears nothing says hello after this long. */
const HELLO_AFTER_MS = 4_000;

/** Nobody has said anything for this long: "are you still there?" */
const DEAD_AIR_MS = 8_000;

/** How often that is asked before giving up. */
const DEAD_AIR_QUESTIONS = 2;

/** After the goodbyes, how long the agent gets to hang up first. */
const HANG_UP_AFTER_GOODBYE_MS = 5_000;

/** Those who hang up do so when this share of the sentence is said. */
const HANG_UP_AT = 0.45;

/** Talks with the agent: waits for turns, answers questions, and, by temperament, interrupts or hangs up in the middle. */
export class Talker implements Behaviour {
  readonly #call: PhoneCall;
  readonly #person: Person;
  readonly #manner: Manner;
  readonly #conversation: Conversation;
  readonly #interruptions: InterruptionPlan | undefined;
  /** The answer in which this person hangs up, counted from 1. */
  readonly #hangsUpIn: number | undefined;
  #heard: string[] = [];
  #agentSpeaking = false;
  /** The agent's running turn has been talked over. */
  #overlapped = false;
  #answeredTopic: Topic | null = null;
  #answers = 0;
  #deadAirQuestions = 0;
  #timer: LineTimer | undefined;

  constructor(call: PhoneCall, person: Person) {
    const { temperament } = person;
    this.#call = call;
    this.#person = person;
    this.#manner = temperament === 'chatty' || temperament === 'hangs-up' ? 'chatty' : 'terse';
    this.#conversation = new Conversation(person.facts, this.#manner, call.random);
    if (temperament === 'interrupts') this.#interruptions = new InterruptionPlan(call.clock, call.random, (at) => this.#butIn(at));
    if (temperament === 'hangs-up') this.#hangsUpIn = call.random.between(2, 3);
  }

  pickedUp(): void {
    this.#wait(HELLO_AFTER_MS, () => this.#sayPlain('hello'));
  }

  agentStarted(): void {
    this.#agentSpeaking = true;
    this.#overlapped = this.#call.mouth.busy;
    this.#timer?.cancel();
    if (!this.#overlapped) this.#interruptions?.agentStarted();
  }

  agentPartial(text: string): void {
    this.#interruptions?.agentPartial(text);
  }

  agentSaid(text: string): void {
    this.#agentSpeaking = false;
    this.#interruptions?.agentStopped();
    if (!this.#overlapped || this.#stillMatters(text)) this.#heard.push(text);
    if (!this.#call.mouth.busy) this.#afterSpeech();
  }

  /** Of a turn that was talked over only what is clear, and not what has just been answered, calls for an answer. */
  #stillMatters(text: string): boolean {
    const meaning = understand(text);
    if (meaning.kind === 'question') return meaning.topic !== this.#answeredTopic;
    return meaning.kind === 'goodbye' || meaning.kind === 'still-there';
  }

  /** Silence on both sides: answers what was heard, or waits for more. */
  #afterSpeech(): void {
    if (this.#agentSpeaking) return;
    if (this.#heard.length === 0) return this.#wait(DEAD_AIR_MS, () => this.#breakSilence());
    const greeted = understand(this.#heard.join(' ')).kind === 'greeting';
    const reactionMs = this.#call.random.between(REACTION_MS.min, REACTION_MS.max) + (greeted ? AFTER_GREETING_MS : 0);
    this.#wait(reactionMs, () => this.#answer());
  }

  #answer(): void {
    const answer = this.#conversation.answer(this.#heard.join(' '));
    this.#heard = [];
    if (answer.text === '') this.#afterSpeech();
    else this.#say(answer);
  }

  #say(answer: Answer): void {
    this.#answeredTopic = answer.topic;
    this.#overlapped = this.#agentSpeaking;
    this.#answers += 1;
    this.#deadAirQuestions = 0;
    const hangsUp = this.#answers === this.#hangsUpIn;
    this.#call.mouth.say(answer.text, {
      onStart: (durationMs) => {
        if (hangsUp) this.#call.clock.after(durationMs * HANG_UP_AT, () => this.#call.line.hangUp());
      },
      onDone: () => (answer.closes ? this.#wait(HANG_UP_AFTER_GOODBYE_MS, () => this.#call.line.hangUp()) : this.#afterSpeech()),
    });
  }

  #butIn({ topic }: Interruption): void {
    const { random } = this.#call;
    const fact = topic === null ? undefined : this.#person.facts[topic];
    const text = topic !== null && fact ? sayFact(topic, fact, this.#manner, random) : sayPlain('butIn', this.#manner, random);
    this.#say({ text, topic: fact ? topic : null, closes: false });
  }

  #breakSilence(): void {
    if (this.#deadAirQuestions === DEAD_AIR_QUESTIONS) return this.#call.line.hangUp();
    this.#deadAirQuestions += 1;
    this.#sayPlain('areYouThere');
  }

  #sayPlain(line: PlainLine): void {
    this.#call.mouth.say(sayPlain(line, this.#manner, this.#call.random), { onDone: () => this.#afterSpeech() });
  }

  /** One wait at a time: what is waited for last replaces what was waited for before. */
  #wait(delayMs: number, then: () => void): void {
    this.#timer?.cancel();
    this.#timer = this.#call.clock.after(delayMs, then);
  }
}
