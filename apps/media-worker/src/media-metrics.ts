import type { LatencyLedger } from '@carillon/contracts';
import { NO_CALL_STATS, type CallStats, type TurnSign } from '@carillon/pipeline';
import { Counter, Gauge, Histogram, type Registry } from '@carillon/platform';
import { createAnswerMetrics } from './answer-metrics.js';
import { createUsageMetrics } from './usage-metrics.js';
import { CAPACITY_STATES, type CapacityState } from './open-calls.js';

/** Around the half second that a good answer takes. */
const ANSWER_BUCKETS_S = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 5, 10];
const MS_PER_S = 1000;

const STAGES = {
  replyMs: 'reply',
  vadLagMs: 'vad_lag',
  endpointWaitMs: 'endpoint_wait',
  sttWaitMs: 'stt_wait',
  llmFirstTokenMs: 'llm_first_token',
  firstPhraseMs: 'first_phrase',
  ttsFirstByteMs: 'tts_first_byte',
  sendMs: 'send',
} as const satisfies Record<keyof LatencyLedger, string>;

/** What the metrics read when they are asked for, so that nothing is counted per frame. */
export interface MediaGauges {
  slots(): number;
  state(): CapacityState;
  /** Calls that others hold and whose frames go through here. */
  relays(): number;
  openCalls(): Iterable<CallStats>;
}

export type MediaMetrics = ReturnType<typeof createMediaMetrics>;

/** All metrics of a media worker; `observability/metrics.md` says what they mean. */
export function createMediaMetrics(registry: Registry, gauges: MediaGauges) {
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Counter({ name, help, labelNames, registers });
  const answer = new Histogram({
    name: 'carillon_call_answer_latency_seconds',
    help: 'From the last voiced sample of the person to the first frame of the answer, and its parts',
    labelNames: ['stage'],
    buckets: ANSWER_BUCKETS_S,
    registers,
  });
  const signs = {
    falsePauses: counter(
      'carillon_media_false_pauses_total',
      'Times that the agent yielded to a voice that wanted nothing',
      'cause',
      'stopped',
    ),
    speculations: counter('carillon_media_speculations_total', 'Answers that were asked for early', 'outcome'),
    speculatedCharacters: counter('carillon_media_speculated_characters_total', 'Characters that the model wrote of them', 'outcome'),
    echoes: counter('carillon_media_echoes_total', 'Transcripts of our own voice that were dropped'),
    echoesMissed: counter('carillon_media_aec_missed_total', 'Those whose sound had been taken for a voice of the callee'),
    deafRecognisers: counter(
      'carillon_media_deaf_recognisers_total',
      'Streams of recognisers that said nothing of a voice and were replaced',
    ),
    unbroken: counter('carillon_media_unbroken_voices_total', 'Voices without a pause that were made to end a turn'),
  };
  const frames = addCallGauges(registry, gauges);
  return {
    rejects: counter('carillon_media_rejects_total', 'Media sockets that were refused or closed for their content', 'reason'),
    passedOn: counter('carillon_media_passed_on_total', 'Calls without room here, by what came of asking other workers', 'result'),
    ended: counter('carillon_media_calls_ended_total', 'Calls that this worker held to their end', 'reason'),
    bargeIns: counter('carillon_media_barge_ins_total', 'Times that a person stopped the agent'),
    errors: counter('carillon_media_errors_total', 'Failures of providers and sessions', 'stage'),
    framesDropped: counter('carillon_media_frames_dropped_total', 'Outbound frames that were dropped because the socket took none'),
    flushFailures: counter('carillon_transcript_write_failures_total', 'Batches of turns that could not be written and were tried again'),
    messagesLost: counter('carillon_transcript_messages_lost_total', 'Messages that were given up because they could never be written'),
    lateRevisions: counter('carillon_transcript_late_revisions_total', 'Corrections of a transcript that came after it was written'),
    snapshots: counter('carillon_call_snapshots_total', 'Snapshots of calls for the worker that may have to go on with them', 'outcome'),
    resumed: counter('carillon_calls_resumed_total', 'Calls whose line was lost and that went on here', 'from'),
    dropped: counter(
      'carillon_calls_dropped_total',
      'Calls whose line was lost and did not come back, and that were still open: hung up',
      'by',
    ),
    callbacksFailed: counter(
      'carillon_callbacks_not_promised_total',
      'Calls that could not go on, and whose person was told in vain that we call again',
    ),
    observeAnswer(ledger: LatencyLedger) {
      for (const [part, stage] of Object.entries(STAGES)) answer.observe({ stage }, ledger[part as keyof LatencyLedger] / MS_PER_S);
    },
    observeSign: (sign: TurnSign) => observeSign(signs, sign),
    observeNews: createAnswerMetrics(registry),
    observeProvider: createUsageMetrics(registry),
    callClosed: frames.callClosed,
  };
}

type SignCounters = Record<
  'falsePauses' | 'speculations' | 'speculatedCharacters' | 'echoes' | 'echoesMissed' | 'deafRecognisers' | 'unbroken',
  Counter
>;

function observeSign(counters: SignCounters, sign: TurnSign): void {
  switch (sign.type) {
    case 'false-pause':
      return counters.falsePauses.inc({ cause: sign.cause, stopped: String(sign.stopped) });
    case 'speculation':
      counters.speculatedCharacters.inc({ outcome: sign.outcome }, sign.characters);
      return counters.speculations.inc({ outcome: sign.outcome });
    case 'echo':
      if (sign.missed) counters.echoesMissed.inc();
      return counters.echoes.inc();
    case 'deaf-recogniser':
      return counters.deafRecognisers.inc();
    case 'unbroken-voice':
      return counters.unbroken.inc();
  }
}

function addCallGauges(registry: Registry, { slots, state, relays, openCalls }: MediaGauges) {
  const registers = [registry];
  const closed: CallStats = { ...NO_CALL_STATS };
  const total = (key: keyof CallStats) => [...openCalls()].reduce((sum, stats) => sum + stats[key], closed[key]);
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value());
      },
    });
  const summed = (name: string, help: string, key: keyof CallStats) =>
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(total(key));
      },
    });
  gauge('carillon_media_calls_open', 'Calls that this worker holds now', () => [...openCalls()].length);
  gauge('carillon_media_slots', 'Calls that this worker takes; while it takes none, those that it still holds', slots);
  gauge('carillon_media_relays_open', 'Calls that other workers hold and whose frames go through this one', relays);
  const capacity = new Gauge({
    name: 'carillon_media_capacity',
    help: 'Whether this worker takes calls, and if not, why: 1 for what holds',
    labelNames: ['state'],
    registers,
    collect() {
      for (const each of CAPACITY_STATES) capacity.set({ state: each }, each === state() ? 1 : 0);
    },
  });
  summed('carillon_media_frames_in_total', 'Frames of 20 ms that came from callees', 'framesIn');
  summed('carillon_media_frames_out_total', 'Frames of 20 ms that were sent to callees', 'framesOut');
  summed('carillon_media_underruns_total', 'Times that a phrase ran dry in its middle', 'underruns');
  summed('carillon_media_frames_late_total', 'Frames that came more than 50 ms after their time', 'framesLate');
  summed('carillon_media_frames_lost_total', 'Frames that never came, by the clock of the carrier', 'framesLost');
  summed('carillon_media_frames_concealed_total', 'Frames that were put in the place of lost ones', 'framesConcealed');
  summed('carillon_media_frames_duplicated_total', 'Frames that came twice and were dropped once', 'framesDuplicated');
  summed('carillon_media_aec_frames_total', 'Frames from callees that were our own sound, and so no voice of theirs', 'framesEchoed');
  return {
    callClosed(stats: CallStats) {
      for (const key of Object.keys(closed) as (keyof CallStats)[]) closed[key] += stats[key];
    },
  };
}
