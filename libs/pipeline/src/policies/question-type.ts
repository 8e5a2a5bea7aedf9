import { wordListsFor } from './word-lists.js';

/** What the agent's last line wants to hear: it tells how an answer ends. */
export type QuestionType = 'spelling' | 'email' | 'number' | 'yes-no' | 'other';

const IN_ORDER = ['spelling', 'email', 'number', 'yes-no'] as const;

export function questionTypeOf(line: string, language: string): QuestionType {
  const question = lastSentence(line);
  const { questions } = wordListsFor(question, language);
  return IN_ORDER.find((type) => questions[type].test(question)) ?? 'other';
}

/**
 * May a yes or no be an answer to it, whatever else it asks for? "Could you tell me your number?" 我们给您打电话，可以吗？ So it is with every question that
 * has no word that asks for more, "And you live in Springfield?", and with all of a language whose words we do not know. Whatever is said after the
 * question does not take it back: one "mhm" answered too many costs less than a "yes" that nobody answers.
 */
export function takesYesOrNo(line: string, language: string): boolean {
  return sentencesOf(line).some((question) => {
    const { questions } = wordListsFor(question, language);
    return questions['yes-no'].test(question) || (/[?？]$/.test(question) && !questions.open.test(question));
  });
}

const sentencesOf = (line: string): string[] => (line.match(/[^.!?。！？]+[.!?。！？]*/gu) ?? []).map((sentence) => sentence.trim());

/** "Fine. And your number?" asks for a number; what was said before that does not matter. */
function lastSentence(line: string): string {
  return /[^.!?。！？]*[.!?。！？]*\s*$/u.exec(line.trim())?.[0].trim() ?? line;
}
