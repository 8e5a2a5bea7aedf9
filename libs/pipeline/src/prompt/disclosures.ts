import type { Disclosure } from '@carillon/contracts';

/**
 * Words by which a legal notice says it already, in any language that it may be written in. What is not recognised is said once more: twice does no harm, not at all
 * would break a law.
 */
const SAID: Readonly<Record<'ai' | 'opt_out', RegExp>> = {
  ai: /\b(AI|KI|IA)\b|[Aa]rtificial (voice|intelligence)|([Ii]nteligencia|[Vv]oz|[Vv]oix|[Ii]ntelligence|[Ii]ntelligenza|[Vv]oce) artifici|künstliche[nrsm]? (Intelligenz|Stimme)|人工智能|机器人/,
  opt_out:
    /\bopt(ing)?[ -]?out\b|\bstop (calling|(these|our|further|all) calls)\b|\bcall(ed)? (you )?again\b|nicht mehr an(ge)?rufen|plus (être appelée?|vous appeler)|不想再(接到|收到)|退订|不再致电/i,
};

/** What must be said in a call and is not said by its legal notice. Calls are not recorded, so nothing is said of that. */
export function missingDisclosures(
  demanded: readonly Disclosure[],
  legalNotice: string | null,
  company: string,
): Exclude<Disclosure, 'recording'>[] {
  const notice = legalNotice ?? '';
  return demanded.filter(
    (what): what is Exclude<Disclosure, 'recording'> =>
      what !== 'recording' && !(what === 'identity' ? notice.includes(company) : SAID[what].test(notice)),
  );
}
