/** What a law may demand that the agent says: who calls, that an artificial voice speaks, that the call is recorded, how to be called no more. */
export const DISCLOSURES = ['identity', 'ai', 'recording', 'opt_out'] as const;
export type Disclosure = (typeof DISCLOSURES)[number];
