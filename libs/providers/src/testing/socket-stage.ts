import { VirtualClock } from '@carillon/testing';
import { AzureSttSocketProvider, type AzureSttSocketOptions } from '../azure-stt-socket-provider.js';
import { RecordingLog } from './recording-log.js';
import { KEY, ScriptedSpeechServer } from './scripted-speech-server.js';
import { HeardWords } from './stt-contract.js';

/** The socket client, its scripted service, and a clock that stands still. */
class SocketStage {
  server = new ScriptedSpeechServer();
  log = new RecordingLog();
  heard = new HeardWords();
  clock = new VirtualClock();

  provider(options: Partial<AzureSttSocketOptions> = {}): AzureSttSocketProvider {
    const endpoint = { url: this.server.url('/stt/speech/universal/v2'), key: KEY };
    return new AzureSttSocketProvider({ endpoint, clock: this.clock, log: this.log, ...options });
  }
}

/** One stage for the file, with all of it new for each test. */
export function stageSocketEachTest(): SocketStage {
  const stage = new SocketStage();
  beforeEach(() => {
    Object.assign(stage, new SocketStage());
    return stage.server.listen();
  });
  afterEach(() => stage.server.close());
  return stage;
}
