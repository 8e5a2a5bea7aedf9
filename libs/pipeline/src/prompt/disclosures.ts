import type { Disclosure } from '@carillon/contracts';

/**
 * Words by which a legal notice says it already, in any language that it may be written in. What is not recognised is said once more: twice does no harm, not at all
 * would break a law.
 */
const AI =
  /\bAI\b|[Aa]rtificial (voice|intelligence)|([Ii]nteligencia|[Ii]nteligência|[Vv]oz|[Vv]oix|[Ii]ntelligence|[Ii]ntelligenza|[Vv]oce) artifici|künstliche[nrsm]? (Intelligenz|Stimme)|人工智能|机器人/;
/** What AI is called elsewhere; in other languages these letters are something else, such as the state of Iowa. */
const AI_IN: Readonly<Record<string, RegExp>> = { fr: /\bIA\b/, es: /\bIA\b/, it: /\bIA\b/, pt: /\bIA\b/, de: /\bKI\b/ };
/** "Called again" is a promise; only with a "not" close before it, it is a way out. */
const NOT_CALLED_AGAIN = /\b(?:not|never|\w+n['’]t)(?: want| wish| like| us| me| to| be)* call(?:ed)?(?: you| me)? again\b/i;
const OPT_OUT =
  /\bopt(ing)?[ -]?out\b|\bstop (calling|(these|our|further|all) calls)\b|nicht mehr an(ge)?rufen|plus (être appelée?|vous appeler)|不想再(接到|收到)|退订|不再致电/i;

/** Whose call it is: the name is no word of the notice, even where it reads like one. */
interface Caller {
  company: string;
  /** ISO 639, of the call. */
  language: string;
}

/** What must be said in a call and is not said by its legal notice. Calls are not recorded, so nothing is said of that. */
export function missingDisclosures(
  demanded: readonly Disclosure[],
  legalNotice: string | null,
  { company, language }: Caller,
): Exclude<Disclosure, 'recording'>[] {
  const notice = legalNotice ?? '';
  const words = notice.replaceAll(company, '');
  const said: Record<Exclude<Disclosure, 'recording'>, boolean> = {
    identity: notice.includes(company),
    ai: AI.test(words) || (AI_IN[language]?.test(words) ?? false),
    opt_out: OPT_OUT.test(words) || NOT_CALLED_AGAIN.test(words),
  };
  return demanded.filter((what): what is Exclude<Disclosure, 'recording'> => what !== 'recording' && !said[what]);
}
