import { Flite, type FliteVoice } from './flite.js';
import { moved, serveThread } from './thread-service.js';

export interface SpeakRequest {
  kind: 'speak';
  text: string;
  voice: FliteVoice;
  rate: number;
}

serveThread<SpeakRequest>(({ libraryDir }) => {
  const flite = new Flite(libraryDir);
  return {
    handle({ text, voice, rate }) {
      const spoken = flite.speak(text, voice, rate);
      return moved(spoken, [spoken.pcm.buffer]);
    },
  };
});
