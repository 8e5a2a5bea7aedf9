import type { ClaimField } from '@carillon/contracts';
import type { ChatAnswer, ChatMessage } from '../chat-request.js';
import { extractValue, type Value } from '../hearing/extract-value.js';
import { fieldKind } from '../hearing/field-kind.js';
import { type Remark, remarkIn } from '../hearing/remark.js';
import { type Briefing, readBriefing } from './briefing.js';
import { fieldQuestion } from './field-question.js';
import { type Progress, readProgress } from './progress.js';

export interface Dialogue {
  messages: readonly ChatMessage[];
  /** Names of the functions that may be called. */
  tools: readonly string[];
  /** The day as `YYYY-MM-DD`, where the prompt does not tell it. */
  today: string;
}

const THANKS = ['Thank you.', 'Thanks.', 'Great, thank you.', 'Okay, thank you.'];

/**
 * The next thing to say and do: takes what the person said for the field that was asked, and asks for the next one. It is made of the prompt,
 * the messages and the results of tools alone.
 */
export function nextAnswer({ messages, tools, today }: Dialogue): ChatAnswer {
  const briefing = readBriefing(messages, today);
  const progress = readProgress(briefing, messages);
  const answer = progress.words === null ? goOn(progress) : reply(progress.words, progress, briefing);
  return { ...answer, calls: answer.calls.filter(({ name }) => tools.includes(name)) };
}

/** Nothing new was said: a tool has answered, or the call begins. */
function goOn(progress: Progress): ChatAnswer {
  const [field] = progress.stillMissing;
  if (progress.refusal !== null && field !== undefined && field === progress.asked)
    return ask(`Sorry, ${friendly(progress.refusal)}.`, progress);
  return ask('', progress);
}

function reply(words: string, progress: Progress, briefing: Briefing): ChatAnswer {
  const remark = remarkIn(words);
  if (remark === 'wrong-number') return close('I am sorry for the trouble. Goodbye.', 'wrong number');
  if (remark === 'refuses') return close('I am sorry to have bothered you. Goodbye.', 'the person does not want to talk');
  const field = fieldMeant(progress);
  const value = field === null ? null : valueIn(words, remark, field, briefing.today);
  if (field !== null && value !== null) return store(field, value, progress);
  if (remark === 'goodbye') return close('Thank you for your time. Goodbye.', 'the person said goodbye');
  return ask(preface(remark, progress, briefing), progress);
}

/** The field that was asked; where the question was cut short, the one it must have been. The first words of a call answer a greeting. */
function fieldMeant({ asked, missing, agentHasSpoken }: Progress): ClaimField | null {
  const meant = missing.find((field) => field === asked);
  return meant ?? (asked !== null || agentHasSpoken ? (missing[0] ?? null) : null);
}

function valueIn(words: string, remark: Remark, field: ClaimField, today: string): Value | null {
  const kind = fieldKind(field);
  if (remark !== null && kind === 'free') return null;
  if (remark === 'go-on' && kind === 'yes-no' && /\b(?:go on|go ahead|hold|wait|hello)\b/i.test(words)) return null;
  return extractValue(words, field, today);
}

function store(field: ClaimField, value: Value, progress: Progress): ChatAnswer {
  const thanks = THANKS[(field.name.length + progress.missing.length) % THANKS.length] ?? '';
  return { text: thanks, calls: [{ name: 'updated_claim', arguments: { updates: [{ field: field.name, value }] } }] };
}

/** What to say before the next question, where no value was heard. */
function preface(remark: Remark, { asked, missing, stillMissing }: Progress, { botName, company }: Briefing): string {
  if (remark === 'who-is-it' && botName !== '') return `This is ${botName}, calling for ${company}.`;
  if (remark === 'repeat') return 'Of course.';
  if (asked === null) return 'Great.';
  if (!missing.includes(asked)) return '';
  if (!stillMissing.includes(asked)) return remark === 'does-not-know' ? 'That is all right.' : 'Never mind.';
  return remark === null ? 'Sorry, I did not catch that.' : '';
}

function ask(before: string, { stillMissing, timesAsked }: Progress): ChatAnswer {
  const [field] = stillMissing;
  if (field === undefined) return close(`${before} That is all I need. Thank you for your time. Goodbye.`, 'nothing is left to ask');
  return { text: `${before} ${fieldQuestion(field, timesAsked(field))}`.trim(), calls: [] };
}

function close(text: string, reason: string): ChatAnswer {
  return { text: text.trim(), calls: [{ name: 'end_call', arguments: { reason } }] };
}

/** "Not a valid phone number. Write it …" → "that does not seem to be a valid phone number" */
function friendly(reason: string): string {
  const [sentence = ''] = reason.split(/\.(?:\s|$)/);
  const what = /^Not (an? .+|one of .+)$/.exec(sentence)?.[1];
  return what === undefined || what.startsWith('one of') ? 'that is not quite what I can note down' : `that does not seem to be ${what}`;
}
