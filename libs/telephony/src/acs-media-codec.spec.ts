import { createOutboundAudioData, createOutboundStopAudioData, StreamingData } from '@azure/communication-call-automation';
import fc from 'fast-check';
import { acsMediaCodec } from './acs-media-codec.js';
import { MediaProtocolError } from './media-codec.js';

const base64Of = (pcm: Int16Array) => Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength).toString('base64');
const decode = (message: unknown) => acsMediaCodec.decode(Buffer.from(typeof message === 'string' ? message : JSON.stringify(message)));
const TONE = Int16Array.from({ length: 320 }, (_, n) => Math.round(8_000 * Math.sin(n / 5)));
const SENT_AT = Date.parse('2026-11-20T10:00:00.000Z');
const frame = (audioData: object) => ({
  kind: 'AudioData',
  audioData: { timestamp: '2026-11-20T10:00:00.000Z', participantRawID: '4:+15551230001', ...audioData },
});

describe('audio from ACS', () => {
  it('comes out as it went in, any length and any samples', () => {
    fc.assert(
      fc.property(fc.int16Array({ maxLength: 1_000 }), fc.boolean(), (pcm, silent) => {
        expect(decode(frame({ data: base64Of(pcm), silent }))).toEqual({ type: 'audio', pcm, sentAt: SENT_AT });
      }),
    );
  });

  it('is read as the SDK reads it', () => {
    const message = JSON.stringify(frame({ data: base64Of(TONE), silent: false }));
    const oracle = StreamingData.parse(message) as { data: string };
    expect(decode(message)).toMatchObject({
      type: 'audio',
      pcm: new Int16Array(Uint8Array.from(Buffer.from(oracle.data, 'base64')).buffer),
    });
  });

  it.each([
    ['as the samples write it', { Kind: 'AudioData', AudioData: { Data: base64Of(TONE), Silent: false } }],
    ['as the SDK sends it', { kind: 'audioData', audioData: { data: base64Of(TONE), isSilent: false }, stopAudio: {} }],
    ['without participant', { kind: 'AudioData', audioData: { data: base64Of(TONE) } }],
    ['with a null participant', frame({ participantRawID: null, data: base64Of(TONE) })],
    ['with its members in another order', { audioData: { data: base64Of(TONE) }, kind: 'AUDIODATA' }],
  ])('is understood %s', (_spelling, message) => expect(decode(message)).toMatchObject({ type: 'audio', pcm: TONE }));

  it('is understood with spaces', () =>
    expect(decode(JSON.stringify(frame({ data: base64Of(TONE) }), null, 2))).toEqual({ type: 'audio', pcm: TONE, sentAt: SENT_AT }));

  it('is kept when the carrier calls it silent: it carries time', () => {
    expect(decode(frame({ data: base64Of(new Int16Array(320)), silent: true }))).toMatchObject({ type: 'audio', pcm: new Int16Array(320) });
  });

  it('is not mistaken for a participant whose name looks like audio', () => {
    expect(decode(frame({ participantRawID: '"data":"AAAA"', data: base64Of(TONE) }))).toEqual({
      type: 'audio',
      pcm: TONE,
      sentAt: SENT_AT,
    });
  });

  it('tells when it was sent, in either spelling, and leaves out what cannot be read', () => {
    const sentAtOf = (audioData: object) => decode({ kind: 'AudioData', audioData });
    expect(sentAtOf({ timestamp: '2026-11-20T10:00:00.0200000Z', data: '' })).toMatchObject({ sentAt: SENT_AT + 20 });
    expect(decode({ Kind: 'AudioData', AudioData: { Timestamp: '2026-11-20T10:00:00.020Z', Data: '' } })).toMatchObject({
      sentAt: SENT_AT + 20,
    });
    expect(sentAtOf({ data: '' })).toMatchObject({ sentAt: null });
    expect(sentAtOf({ timestamp: 'now', data: '' })).toMatchObject({ sentAt: null });
  });

  it('has memory of its own', () => {
    const message = decode(frame({ data: base64Of(TONE) }));
    if (message.type !== 'audio') throw new Error(message.type);
    expect([message.pcm.byteOffset, message.pcm.buffer.byteLength]).toEqual([0, 640]);
  });
});

describe('other messages from ACS', () => {
  const metadata = { subscriptionId: 's', encoding: 'PCM', sampleRate: 16000, channels: 1, length: 640 };

  it('says the format first', () =>
    expect(decode({ kind: 'AudioMetadata', audioMetadata: metadata })).toEqual({ type: 'format', sampleRate: 16000 }));
  it('says 24 kHz too', () => {
    expect(decode({ Kind: 'audiometadata', AudioMetadata: { ...metadata, channels: 'mono', sampleRate: 24000 } })).toEqual({
      type: 'format',
      sampleRate: 24000,
    });
  });
  it.each([
    ['3', '3'],
    ['*', '*'],
    ['pound', '#'],
    ['seven', '7'],
  ])('a key press %s is the tone %s', (data, tone) =>
    expect(decode({ kind: 'DtmfData', dtmfData: { data } })).toEqual({ type: 'tone', tone }),
  );
  it('ignores kinds of later versions', () =>
    expect(decode({ kind: 'TranscriptionData', transcriptionData: {} })).toEqual({ type: 'other' }));
});

describe('garbage on a media socket', () => {
  it.each([
    ['no JSON', 'hello'],
    ['nothing', ''],
    ['a number', '7'],
    ['null', 'null'],
    ['an array', '[]'],
    ['no kind', '{}'],
    ['audio without content', { kind: 'AudioData' }],
    ['audio without data', { kind: 'AudioData', audioData: {} }],
    ['audio cut off', '{"kind":"AudioData","audioData":{"data":"AAAA'],
    ['audio that is no base64', frame({ data: '!!!!!!!!' })],
    ['audio of half a sample', frame({ data: 'AAAA' })],
    ['a format with two channels', { kind: 'AudioMetadata', audioMetadata: { encoding: 'PCM', sampleRate: 16000, channels: 2 } }],
    ['a format at 8 kHz', { kind: 'AudioMetadata', audioMetadata: { encoding: 'PCM', sampleRate: 8000, channels: 1 } }],
    ['a compressed format', { kind: 'AudioMetadata', audioMetadata: { encoding: 'opus', sampleRate: 16000, channels: 1 } }],
    ['ten megabytes', 'x'.repeat(10_000_000)],
  ])('%s is refused', (_name, message) => expect(() => decode(message)).toThrow(MediaProtocolError));

  it('never throws anything else', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.string().map((text) => `{"kind":"AudioData"${text}`),
        ),
        (text) => {
          try {
            decode(text);
          } catch (error) {
            expect(error).toBeInstanceOf(MediaProtocolError);
          }
        },
      ),
    );
  });
});

describe('audio to ACS', () => {
  it('is written as the SDK writes it', () => {
    expect(acsMediaCodec.encodeAudio(TONE).toString()).toBe(createOutboundAudioData(base64Of(TONE)));
    expect(acsMediaCodec.encodeAudio(TONE.subarray(100, 107)).toString()).toBe(createOutboundAudioData(base64Of(TONE.subarray(100, 107))));
    expect(acsMediaCodec.encodeClear().toString()).toBe(createOutboundStopAudioData());
  });
});
