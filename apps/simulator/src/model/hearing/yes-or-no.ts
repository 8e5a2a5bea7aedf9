const UNDECIDED = /\b(?:do not know|don't know|not sure|no idea|maybe|perhaps)\b/;
const YES_ALTHOUGH_NEGATIVE = /\b(?:no problem|not a problem|no objections?|do not mind|don't mind|would not mind|wouldn't mind|why not)\b/;
const YES =
  /\b(?:yes|yeah|yep|yup|sure|of course|correct|right|okay|ok|absolutely|certainly|definitely|fine|agreed|i (?:do|would|am|agree|will|can|have)|please do|sounds good|go ahead|true)\b/;
const NO = /\b(?:no|nope|not|never|don't|won't|isn't|wouldn't|cannot|can't|negative|rather not|wrong|false)\b/;

/** Null when neither was said. */
export function yesOrNo(plain: string): boolean | null {
  if (UNDECIDED.test(plain)) return null;
  if (YES_ALTHOUGH_NEGATIVE.test(plain)) return true;
  if (NO.test(plain)) return false;
  return YES.test(plain) ? true : null;
}
