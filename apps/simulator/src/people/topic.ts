/** What a question can be about. Each person has at most one fact on each. */
export const TOPICS = [
  'full_name',
  'first_name',
  'last_name',
  'street_address',
  'city',
  'postal_code',
  'birth_date',
  'date',
  'time_of_day',
  'date_and_time',
  'order_number',
  'customer_number',
  'policy_number',
  'reference_number',
  'party_size',
  'phone_number',
  'email',
  'consent',
] as const;
export type Topic = (typeof TOPICS)[number];

const BIRTH = /\b(birth|birthday|born)\b/;
const NUMBER = '(number|numbers|code|reference|id|identification|no)';

/** The first that matches decides: the words of compound nouns ("email address", "phone number") come before their last part alone. */
const KEYWORDS: readonly [Topic, RegExp][] = [
  ['email', /\b(e ?mail|mail address|electronic mail)\b/],
  [
    'phone_number',
    /\b(phone|telephone|mobile|cell ?phone|call ?back number|contact number|number (can|could|should|may) (we|i) (call|reach)|number to (call|reach))\b/,
  ],
  ['birth_date', BIRTH],
  ['postal_code', /\b(zip|zip ?code|post ?code|postal)\b/],
  [
    'policy_number',
    new RegExp(`\\b(policy|insurance|contract|coverage)( ${NUMBER})\\b|\\b${NUMBER} (of|on|for) (the|your) (policy|insurance|contract)\\b`),
  ],
  [
    'customer_number',
    new RegExp(
      `\\b(customer|client|account|member|membership|patient|subscriber|user|loyalty)( ${NUMBER})\\b|\\b${NUMBER} (of|on|for) (the|your) (account|membership)\\b`,
    ),
  ],
  [
    'order_number',
    new RegExp(
      `\\b(order|parcel|package|shipment|delivery|tracking|invoice|purchase)( ${NUMBER})\\b|\\b${NUMBER} (of|on|for) (the|your) (order|parcel|package|delivery|shipment|invoice)\\b`,
    ),
  ],
  ['first_name', /\b(first|given|christian) names?\b/],
  ['last_name', /\b(last|family|second) names?\b|\bsurname\b/],
  ['street_address', /\baddress\b|\bstreet\b|\bwhere (do|are) you (live|living)\b|\bhouse number\b|\bwhere should (we|it|they)\b/],
  ['full_name', /\bnames?\b|\bwho am i (speaking|talking) (to|with)\b|\bwith whom\b/],
  ['city', /\b(city|town)\b/],
  [
    'party_size',
    /\bhow many\b|\bnumber of (people|persons|guests|adults|visitors|participants|seats|passengers)\b|\b(party|group) size\b|\bsize of (the|your) (party|group)\b/,
  ],
  ['date_and_time', /\b(date|day) and (the )?time\b|\btime and (the )?(date|day)\b|\bdate ?time\b/],
  [
    'time_of_day',
    /\b(what|which|best|preferred|exact|appointment|delivery|arrival|pick ?up|start|call ?back|visit) time\b|\btime of (the )?(day|appointment|delivery|arrival|visit)\b|\b(what|which) hour\b|\bo'?clock\b/,
  ],
  ['date', /\b(date|day|days|when|weekday)\b/],
  ['reference_number', new RegExp(`\\b${NUMBER}\\b`)],
  [
    'consent',
    /^(?!(could|can|would|may|will) (you|i|we) (please )?(tell|give|let me know|say|repeat|spell|have|ask|get)\b)(do|does|would|will|are|is|can|could|may|should|have|did|shall|whether)\b|\bwhether\b/,
  ],
];

/** What a question or the name of a field is about; `null` when it is about nothing that people know of themselves. */
export function topicOf(text: string): Topic | null {
  const plain = plainWords(text);
  return KEYWORDS.find(([, pattern]) => pattern.test(plain))?.[0] ?? null;
}

/** Lower-case words with single spaces; underscores and punctuation part words, camel case does too. */
export function plainWords(text: string): string {
  return text
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/[’‘]/g, "'")
    .replace(/[^a-z0-9' ]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
