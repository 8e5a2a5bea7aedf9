import { VirtualClock } from '@carillon/testing';
import { AzureSttSocketProvider, type AzureSttSocketOptions } from '../azure-stt-socket-provider.js';
import { RecordingLog } from './recording-log.js';
import { KEY, ScriptedSpeechServer } from './scripted-speech-server.js';
import { HeardWords } from './stt-contract.js';

/** The socket client, its scripted service, and a clock that stands still: new ones for each test of the file. */
export class SocketStage {
  readonly server = new ScriptedSpeechServer();
  readonly log = new RecordingLog();
  readonly heard = new HeardWords();
  readonly clock = new VirtualClock();

  provider(options: Partial<AzureSttSocketOptions> = {}): AzureSttSocketProvider {
    const endpoint = { url: this.server.url('/stt/speech/universal/v2'), key: KEY };
    return new AzureSttSocketProvider({ endpoint, clock: this.clock, log: this.log, ...options });
  }
}

export function stageSocketEachTest(take: (stage: SocketStage) => void): void {
  let stage: SocketStage;
  beforeEach(async () => {
    stage = new SocketStage();
    take(stage);
    await stage.server.listen();
  });
  afterEach(() => stage.server.close());
}
