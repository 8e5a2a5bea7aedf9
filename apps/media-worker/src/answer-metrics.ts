import type { AnswerNews } from '@carillon/pipeline';
import { Counter, Histogram, type Registry } from '@carillon/platform';

/** A person is known by their first words, a machine by its second or third sentence; nothing is judged after half a minute. */
const VERDICT_BUCKETS_S = [0.5, 1, 1.5, 2, 3, 4, 5, 7, 10, 15, 20, 30];
const MS_PER_S = 1000;

/** Counts what is found out about who answered. */
export function createAnswerMetrics(registry: Registry): (news: AnswerNews) => void {
  const registers = [registry];
  const answers = new Counter({
    name: 'carillon_media_answers_total',
    help: 'Calls by who was taken to have answered them',
    labelNames: ['verdict'],
    registers,
  });
  const verdicts = new Histogram({
    name: 'carillon_media_answer_verdict_seconds',
    help: 'From the first frame to the verdict, where there was one',
    labelNames: ['verdict'],
    buckets: VERDICT_BUCKETS_S,
    registers,
  });
  const tones = new Counter({
    name: 'carillon_media_line_tones_total',
    help: 'Beeps and carrier tones that were heard',
    labelNames: ['kind'],
    registers,
  });
  const actions = new Counter({
    name: 'carillon_media_machine_actions_total',
    help: 'What was done about answering machines',
    labelNames: ['action'],
    registers,
  });
  return (news) => {
    switch (news.type) {
      case 'verdict':
        answers.inc({ verdict: news.kind });
        if (news.kind !== 'unsure') verdicts.observe({ verdict: news.kind }, news.decidedAt / MS_PER_S);
        return;
      case 'tone':
        return tones.inc({ kind: news.tone.kind });
      case 'machine':
        return actions.inc({ action: news.action });
    }
  };
}
