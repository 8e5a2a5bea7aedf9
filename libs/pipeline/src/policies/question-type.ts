import { wordListsFor } from './word-lists.js';

/** What the agent's last line wants to hear: it tells how an answer ends. */
export type QuestionType = 'spelling' | 'email' | 'number' | 'yes-no' | 'other';

const IN_ORDER = ['spelling', 'email', 'number', 'yes-no'] as const;

export function questionTypeOf(line: string, language: string): QuestionType {
  const question = lastSentence(line);
  const { questions } = wordListsFor(question, language);
  return IN_ORDER.find((type) => questions[type].test(question)) ?? 'other';
}

/** "Fine. And your number?" asks for a number; what was said before that does not matter. */
function lastSentence(line: string): string {
  return /[^.!?。！？]*[.!?。！？]*\s*$/u.exec(line.trim())?.[0].trim() ?? line;
}
