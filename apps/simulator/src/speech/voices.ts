import type { FliteVoice } from '../engines/speech-engines.js';

/** First names of well-known English voices that sound like a woman's. Everything else is spoken by a man's voice. */
const WOMEN = new Set(
  (
    'amber ana aria ashley ava bella clara cora elizabeth emily emma hollie jane jenny libby luna maisie michelle molly monica nancy natasha ' +
    'neerja olivia phoebe sara serena sonia'
  ).split(' '),
);

/**
 * The Flite voice for an Azure voice name such as `en-US-JennyNeural`: women's names speak with `slt`, all others with `rms` or `awb`,
 * chosen by the name, so that a name always sounds the same.
 */
export function fliteVoiceFor(azureVoice: string): FliteVoice {
  const name = /^[A-Z]?[a-z]*/.exec(azureVoice.split('-')[2] ?? azureVoice)?.[0].toLowerCase() ?? '';
  if (WOMEN.has(name)) return 'slt';
  let sum = 0;
  for (const character of name) sum += character.charCodeAt(0);
  return sum % 2 === 0 ? 'rms' : 'awb';
}
