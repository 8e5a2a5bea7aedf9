import type { CallContext } from '@carillon/contracts';
import { languageOfPerson } from './create-call-plan.js';
import { lineLanguage, type LineBook } from './line-book.js';
import { ENGLISH_LINES, isBuiltIn } from './line-texts.js';

/** Texts that are translated together. What an operator wrote never comes with anything else, so that nothing in it spoils more than itself. */
export interface TextsToTranslate {
  by: 'engine' | 'operator';
  /** Whose operator; null: the engine's own texts, which are the same for all. */
  tenantId: string | null;
  /** As `lineLanguage` names them. */
  from: string;
  to: string;
  /** By names that tell what they are for. */
  texts: Readonly<Record<string, string>>;
  /** The call begins in this language: its phone rings already. */
  urgent: boolean;
  /** Written for one person's call: it is not to outlive the process. */
  personal: boolean;
}

/**
 * What a call may say in languages that have no texts of their own: the language that it begins in first. A call that belongs to no campaign wants that language only:
 * it asks again where the person changes it. Its operator's texts are for this one person.
 */
export function textsToTranslate(context: CallContext): TextsToTranslate[] {
  const { default_short_code, availables } = context.initiate.lang;
  const first = languageOfPerson(context);
  const personal = context.campaignId === null;
  const codes = [first, ...(personal ? [] : availables.map(({ short_code }) => short_code))];
  const { tenantId } = context;
  const from = lineLanguage(default_short_code);
  return [...new Set(codes.map(lineLanguage))].flatMap((to, at): TextsToTranslate[] => {
    const urgent = at === 0;
    const ours: TextsToTranslate = {
      ...{ by: 'engine', tenantId: null, from: 'en', to },
      ...{ texts: ENGLISH_LINES, urgent, personal: false },
    };
    const theirs = textsOfOperator(context).map((texts): TextsToTranslate => ({
      ...{ by: 'operator', tenantId, from, to },
      ...{ texts, urgent, personal },
    }));
    return [...(isBuiltIn(to) ? [] : [ours]), ...(to === from ? [] : theirs)];
  });
}

export function isTranslated({ tenantId, to, texts }: TextsToTranslate, book: LineBook): boolean {
  return Object.values(texts).every((text) => book.find(to, text, tenantId) !== undefined);
}

function textsOfOperator({ conversation, answeringMachine }: CallContext): Record<string, string>[] {
  const notice = conversation?.legal_notice ?? null;
  const message = answeringMachine?.on_machine === 'leave_message' ? answeringMachine.message : null;
  return [...(notice === null ? [] : [{ legal_notice: notice }]), ...(message === null ? [] : [{ answering_machine_message: message }])];
}
