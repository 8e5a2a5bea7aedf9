import { understand } from './comprehension.js';
import type { Facts } from './facts.js';
import { type Manner, type PlainLine, sayFact, sayPlain } from './phrasing.js';
import type { SeededRandom } from './seeded-random.js';
import { plainWords, type Topic } from './topic.js';

export interface Answer {
  /** Empty: say nothing, more is to come. */
  text: string;
  topic: Topic | null;
  /** The agent has said goodbye: after this, the call is over for this person. */
  closes: boolean;
}

/** Decides what somebody answers, from what they heard. Remembers how the conversation went: one for each call. */
export class Conversation {
  readonly #facts: Facts;
  readonly #manner: Manner;
  readonly #random: SeededRandom;
  #lastSaid: Answer | undefined;
  /** Turns in a row that were not understood. */
  #confused = 0;

  constructor(facts: Facts, manner: Manner, random: SeededRandom) {
    this.#facts = facts;
    this.#manner = manner;
    this.#random = random;
  }

  /** `heard` is everything the agent said since this person spoke last. */
  answer(heard: string): Answer {
    const answer = this.#decide(heard);
    if (answer.text !== '') this.#lastSaid = answer;
    return answer;
  }

  #decide(heard: string): Answer {
    const meaning = understand(heard);
    const confused = this.#confused;
    this.#confused = 0;
    switch (meaning.kind) {
      case 'question':
        return this.#fact(meaning.topic);
      case 'read-back':
        return this.#confirm(heard, meaning.topic);
      case 'unknown-question':
        // A question that makes no sense at first may have been misheard; the second time it is not known.
        this.#confused = confused + 1;
        return this.#plain(confused > 0 ? 'doNotKnow' : 'sayAgain');
      case 'unclear':
        this.#confused = confused + 1;
        return this.#plain('sayAgain');
      case 'say-again':
        return this.#lastSaid ?? this.#plain('hello');
      case 'still-there':
        return this.#plain('stillHere');
      case 'ready':
        return this.#plain('ready');
      case 'greeting':
        return this.#plain('helloBack');
      case 'anything-else':
        return this.#plain('nothingElse');
      case 'goodbye':
        return { ...this.#plain('goodbye'), closes: true };
      case 'filler':
        return { text: '', topic: null, closes: false };
    }
  }

  #fact(topic: Topic): Answer {
    const fact = this.#facts[topic];
    if (!fact) return this.#plain('doNotKnow');
    return { text: sayFact(topic, fact, this.#manner, this.#random), topic, closes: false };
  }

  /** Right when every word of some way to say the fact was heard; without a topic, of any fact. */
  #confirm(heard: string, topic: Topic | null): Answer {
    const words = ` ${plainWords(heard)} `;
    const facts = topic === null ? Object.values(this.#facts) : [this.#facts[topic]];
    const right = facts.some((fact) => fact?.spoken.some((spoken) => words.includes(` ${spoken} `)));
    if (right) return this.#plain('right');
    const wrong = this.#plain('wrong');
    const fact = topic === null ? undefined : this.#facts[topic];
    return fact ? { ...wrong, text: `${wrong.text} it is ${fact.spoken[0] ?? ''}`, topic } : wrong;
  }

  #plain(line: PlainLine): Answer {
    return { text: sayPlain(line, this.#manner, this.#random), topic: null, closes: false };
  }
}
