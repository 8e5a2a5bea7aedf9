import type { TtsRequest } from '@carillon/pipeline';
import { speechKey } from './speech-key.js';

const request: TtsRequest = { text: 'Your SEPA form', voice: 'v', language: 'en-US', style: 'none', rate: 1, sampleRate: 16_000 };
const keyOf = (change: Partial<TtsRequest>) => speechKey({ ...request, ...change });

describe('the name of a sound', () => {
  it('is another one wherever another sound is heard', () => {
    const changes: Partial<TtsRequest>[] = [
      ...[
        {},
        { text: 'x' },
        { voice: 'w' },
        { language: 'fr-FR' },
        { style: 'sad' as const },
        { rate: 1.1 },
        { sampleRate: 24_000 as const },
      ],
      ...[{ customVoice: 'one' }, { customVoice: 'two' }],
      ...[{ vocabulary: [{ term: 'SEPA', say: 'see-pah' }] }, { vocabulary: [{ term: 'SEPA', say: 'zepa' }] }],
      { customVoice: 'one', vocabulary: [{ term: 'SEPA', say: 'zepa' }] },
    ];
    expect(new Set(changes.map(keyOf)).size).toBe(changes.length);
  });

  it('is the same for all campaigns whose words do not stand in the text', () => {
    expect(keyOf({ vocabulary: [{ term: 'SEPA' }, { term: 'IBAN', say: 'eye-ban' }] })).toBe(keyOf({}));
    expect(keyOf({ customVoice: undefined, vocabulary: [] })).toBe(keyOf({}));
  });
});
