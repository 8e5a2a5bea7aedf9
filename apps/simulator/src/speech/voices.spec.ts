import { fliteVoiceFor } from './voices.js';

describe('choosing a voice', () => {
  it('lets women speak with a woman’s voice and others with a man’s, the same each time', () => {
    expect(
      ['en-US-JennyNeural', 'en-US-AvaMultilingualNeural', 'en-GB-SoniaNeural', 'en-US-Ava:DragonHDLatestNeural'].map(fliteVoiceFor),
    ).toEqual(['slt', 'slt', 'slt', 'slt']);
    expect(fliteVoiceFor('en-US-GuyNeural')).toBe('awb');
    expect(fliteVoiceFor('en-US-TonyNeural')).toBe('rms');
    expect(['rms', 'awb']).toContain(fliteVoiceFor(''));
  });
});
