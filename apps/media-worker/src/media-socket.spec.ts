import { EventEmitter } from 'node:events';
import type { MediaTransport } from '@carillon/pipeline';
import { acsMediaCodec } from '@carillon/telephony';
import { VirtualClock } from '@carillon/testing';
import type { WebSocket } from 'ws';
import { METADATA } from './media-worker.spec-support.js';
import { MediaSocket } from './media-socket.js';

/** The part of a WebSocket that a media socket uses; closes only when the far end answers. */
class FakeWebSocket extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  bufferedAmount = 0;
  readonly sent: string[] = [];
  pings = 0;
  terminated = false;
  closedWith: [number, string] | null = null;

  send = (data: Buffer) => void this.sent.push(data.toString());
  ping = () => void (this.pings += 1);
  close(code: number, reason: string): void {
    this.readyState = 2;
    this.closedWith = [code, reason];
  }
  terminate(): void {
    this.terminated = true;
    this.emit('close');
  }
  hear = (text: string) => this.emit('message', Buffer.from(text));
}

function opening() {
  const clock = new VirtualClock();
  const fake = new FakeWebSocket();
  const story: string[] = [];
  let transport: MediaTransport | undefined;
  const socket = new MediaSocket({
    socket: fake as unknown as WebSocket,
    codec: acsMediaCodec,
    clock,
    listener: {
      opened: (opened) => {
        transport = opened;
        story.push(`opened at ${opened.sampleRate}`);
      },
      audio: (pcm) => story.push(`audio of ${pcm.length}`),
      tone: (tone) => story.push(`tone ${tone}`),
      closed: (end) => story.push(`closed: ${end}`),
      dropped: () => story.push('dropped'),
    },
  });
  return { clock, fake, story, socket, media: () => transport };
}

describe('a media socket', () => {
  it('tells format, audio and tones in order, and takes the format twice', () => {
    const { fake, story } = opening();
    fake.hear(METADATA);
    fake.hear('{"kind":"AudioData","audioData":{"data":"AAAAAA=="}}');
    fake.hear(METADATA);
    fake.hear('{"kind":"DtmfData","dtmfData":{"data":"3"}}');
    expect(story).toEqual(['opened at 16000', 'audio of 2', 'tone 3']);
  });

  it('is closed with 1008 when nothing says what its audio is, and is cut off when that is not answered', async () => {
    const { clock, fake, story } = opening();
    await clock.advance(5_000);
    expect(fake.closedWith).toEqual([1008, 'no audio metadata came']);
    expect(story).toEqual(['closed: no_format']);
    await clock.advance(2_000);
    expect(fake.terminated).toBe(true);
  });

  it('lives as long as pings are answered, and is dead 5 s after one that was not', async () => {
    const { clock, fake, story } = opening();
    fake.hear(METADATA);
    for (let minute = 0; minute < 3; minute += 1) {
      await clock.advance(30_000);
      fake.emit('pong');
    }
    expect([fake.pings, fake.terminated]).toEqual([3, false]);
    await clock.advance(34_999);
    expect(fake.terminated).toBe(false);
    await clock.advance(1);
    expect(fake.terminated).toBe(true);
    expect(story.at(-1)).toBe('closed: dead');
  });

  it('drops audio that a hanging socket does not take', () => {
    const { fake, story, media } = opening();
    fake.hear(METADATA);
    media()?.send(new Int16Array(320));
    fake.bufferedAmount = 600_000;
    media()?.send(new Int16Array(320));
    expect(fake.sent).toHaveLength(1);
    expect(story.at(-1)).toBe('dropped');
  });

  it('says nothing more after its end', () => {
    const { fake, story, socket } = opening();
    fake.hear(METADATA);
    socket.close();
    fake.hear('{"kind":"DtmfData","dtmfData":{"data":"3"}}');
    fake.emit('close');
    expect(story).toEqual(['opened at 16000', 'closed: ours']);
    expect(fake.closedWith).toEqual([1000, '']);
  });

  it('refuses a sample rate that changes in mid-call', () => {
    const { fake, story } = opening();
    fake.hear(METADATA);
    fake.hear(METADATA.replace('16000', '24000'));
    expect(fake.closedWith).toEqual([1003, 'the sample rate changed in mid-call']);
    expect(story.at(-1)).toBe('closed: garbage');
  });
});
