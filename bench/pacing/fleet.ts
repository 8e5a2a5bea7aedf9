import { AnswerRates, dialsToStart, TalkTimes, type PacingMode } from '@carillon/campaigns';

/** One situation that is measured. */
export interface PacingCase {
  name: string;
  /** The share of phones that are answered, at a time since the start. */
  answerRate(sinceStartMs: number): number;
  talkMs: number;
}

export interface Figures {
  utilisation: number;
  abandonment: number;
  calls: number;
  answered: number;
  abandoned: number;
}

interface Talk {
  startedAt: number;
  endsAt: number;
}

interface Dial {
  startedAt: number;
  endsAt: number;
  answers: boolean;
}

const TICK_MS = 250;
const RING_MS = { answeredFrom: 6_000, answeredTo: 18_000, unanswered: 28_000 } as const;
/** An hour of the day like any other to start at; the campaign has no history then. */
const START = Date.UTC(2026, 0, 5, 9);

/** A fleet of slots that dials by the shipped pacing for `hours`, in virtual time. Who answers and finds no slot is abandoned. */
export class SimulatedFleet {
  private readonly rates = new AnswerRates();
  private ringing: Dial[] = [];
  private readonly times = new TalkTimes();
  private readonly talks: Talk[] = [];
  private countedTo = START;
  private talkedMs = 0;
  private calls = 0;
  private answered = 0;
  private abandoned = 0;

  constructor(
    private readonly situation: PacingCase,
    private readonly mode: PacingMode,
    private readonly slots: number,
    private readonly random: () => number,
  ) {}

  run(hours: number): Figures {
    const end = START + hours * 3_600_000;
    for (let now = START; now < end; now += TICK_MS) {
      this.passTo(now);
      this.dial(now);
    }
    this.passTo(end);
    return {
      utilisation: this.talkedMs / (hours * 3_600_000 * this.slots),
      abandonment: this.abandoned / Math.max(1, this.answered),
      calls: this.calls,
      answered: this.answered,
      abandoned: this.abandoned,
    };
  }

  private dial(now: number): void {
    const { mode, slots, rates } = this;
    const ringing = this.ringing.map(({ startedAt }) => now - startedAt);
    const finishing = { talkedMs: this.talks.map(({ startedAt }) => now - startedAt), times: this.times };
    const dials = dialsToStart({ mode, slots, talking: this.talks.length, ringing, now, rates, finishing, abandonment: null });
    const answerRate = this.situation.answerRate(now - START);
    for (let i = 0; i < dials; i++) {
      const answers = this.random() < answerRate;
      const { answeredFrom, answeredTo, unanswered } = RING_MS;
      const ringMs = answers ? answeredFrom + (answeredTo - answeredFrom) * this.random() : unanswered;
      this.ringing.push({ startedAt: now, endsAt: now + ringMs, answers });
    }
    this.calls += dials;
  }

  /** Lets rings and talks end in the order of time: whether a slot is free is decided at the very moment of the answer. */
  private passTo(now: number): void {
    const ended = this.ringing.filter(({ endsAt }) => endsAt <= now).sort((a, b) => a.endsAt - b.endsAt);
    if (ended.length > 0) this.ringing = this.ringing.filter(({ endsAt }) => endsAt > now);
    for (const dial of ended) {
      this.endTalks(dial.endsAt);
      this.rates.observe({ at: dial.endsAt, ringMs: dial.endsAt - dial.startedAt, answered: dial.answers });
      if (dial.answers) this.answer(dial.endsAt);
    }
    this.endTalks(now);
  }

  private answer(at: number): void {
    this.answered++;
    if (this.talks.length >= this.slots) this.abandoned++;
    else this.talks.push({ startedAt: at, endsAt: at - this.situation.talkMs * Math.log(1 - this.random()) });
  }

  private endTalks(now: number): void {
    let open = 0;
    for (const talk of this.talks) {
      this.talkedMs += Math.max(0, Math.min(talk.endsAt, now) - Math.max(talk.startedAt, this.countedTo));
      if (talk.endsAt > now) this.talks[open++] = talk;
      else this.times.observe({ at: talk.endsAt, talkMs: talk.endsAt - talk.startedAt });
    }
    this.talks.length = open;
    this.countedTo = now;
  }
}
