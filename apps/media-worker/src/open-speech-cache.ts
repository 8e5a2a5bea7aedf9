import type { Clock, TtsProvider } from '@carillon/pipeline';
import type { CarillonConfig, Logger } from '@carillon/platform';
import { CachedTts, PcmFolder } from '@carillon/providers';

const MB = 1024 * 1024;

/** Synthesis that remembers, in memory, and, where the installation has a folder for it, for the processes to come. A folder that cannot be used is none. */
export async function openSpeechCache(
  { memoryMb, dir, diskMb }: CarillonConfig['media']['speechCache'],
  { tts, clock, log }: { tts: TtsProvider; clock: Clock; log: Logger },
): Promise<CachedTts> {
  const folder =
    dir === ''
      ? undefined
      : await PcmFolder.open(dir, diskMb * MB).catch((error: unknown) => {
          log.error({ err: error }, 'the folder of the speech cache cannot be used');
          return undefined;
        });
  return new CachedTts({ tts, clock, log, maxBytes: memoryMb * MB, folder });
}
