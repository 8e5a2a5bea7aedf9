import { randomUUID } from 'node:crypto';
import { acsMediaCodec, createAcsCarrier, SignatureError } from '@carillon/telephony';
import { openCallbackInbox, type CallbackInbox } from '@carillon/telephony/testing';
import {
  CallAutomationClient,
  createOutboundAudioData,
  createOutboundStopAudioData,
  StreamingData,
} from '@azure/communication-call-automation';
import type { CarrierOptions } from './carrier.js';
import { CALLER, openCarrierServer, type CarrierServer } from './testing/carrier-server.js';
import { openMediaServer, type MediaServer, type MediaSocket } from './testing/media-server.js';

const base64Of = (pcm: Int16Array) => Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength).toString('base64');
const speech = (samples: number, from = 1) => Int16Array.from({ length: samples }, (_, n) => from + n);
const pcmOf = (base64: string) => new Int16Array(Uint8Array.from(Buffer.from(base64, 'base64')).buffer);
/** Without a sample that is zero: those count as silence. */
const tone = (hz: number, rateHz: number, samples: number) =>
  Int16Array.from({ length: samples }, (_, at) => Math.round(8_000 * Math.sin((2 * Math.PI * hz * (at + 0.5)) / rateHz)));
/** Two for each period of a tone. */
const crossings = (samples: readonly number[]) =>
  samples.filter((sample) => Math.abs(sample) > 100).filter((sample, at, loud) => sample > 0 !== (loud[at - 1] ?? sample) > 0).length;
const audioOf = (message: Record<string, unknown>) =>
  (message['audioData'] ?? {}) as { data?: string; silent?: boolean; participantRawID?: string };
const isSpeech = (message: Record<string, unknown>) => audioOf(message).silent === false;

describe('the media socket of a call', () => {
  let server: CarrierServer;
  let media: MediaServer;
  let carrier: ReturnType<typeof createAcsCarrier>;
  let inbox: CallbackInbox;
  const open = async (options: Partial<CarrierOptions> = {}) => {
    server = await openCarrierServer(options);
    media = await openMediaServer();
    carrier = createAcsCarrier(server.adapterOptions);
    inbox = await openCallbackInbox(carrier);
  };
  beforeEach(() => open());
  afterEach(async () => {
    await server.close();
    await media.close();
    await inbox.close();
  });

  const dial = async (part: { mediaUrl?: string; sampleRate?: 16000 | 24000 } = {}) => {
    const { phoneE164, phone } = server.network.add({ kind: 'answer', afterMs: 0 });
    const callId = randomUUID();
    const result = await carrier.place({
      callId,
      toE164: phoneE164,
      fromE164: CALLER,
      callbackUrl: inbox.urlOf(callId),
      mediaUrl: media.url,
      sampleRate: 16000,
      repeatabilityId: randomUUID(),
      firstSentAt: new Date(),
      timeoutMs: 5_000,
      ...part,
    });
    if (result.kind !== 'placed') throw new Error(result.message);
    return { callId, connectionId: result.connectionId, phone, phoneE164 };
  };
  const statisticsOf = (connectionId: string) =>
    server.carrier.ledger.snapshot().calls.find((call) => call.connectionId === connectionId)?.media;
  const format = (socket: MediaSocket) => socket.next((message) => message['kind'] === 'AudioMetadata');

  it('is opened with the names of the call and a token of the carrier', async () => {
    const { connectionId, callId } = await dial();
    const { request } = await media.nextSocket();
    expect(request.headers).toMatchObject({ 'x-ms-call-connection-id': connectionId, 'x-ms-call-correlation-id': expect.any(String) });
    await carrier.verify(request.headers.authorization);
    await expect(carrier.verify(`${request.headers.authorization ?? ''}x`)).rejects.toThrow(SignatureError);
    await inbox.next(callId, 'media_started');
  });

  it('says the format first, then 20 ms of the callee at a time, as the SDK and our codec read it', async () => {
    const { phone, phoneE164 } = await dial();
    const socket = await media.nextSocket();
    await format(socket);
    phone.line?.say(speech(500));
    await socket.next(() => socket.messages.filter(isSpeech).length === 2 && audioOf(socket.messages.at(-1) ?? {}).silent === true);

    const [first, ...frames] = socket.messages;
    expect(first).toEqual({
      kind: 'AudioMetadata',
      audioMetadata: { subscriptionId: expect.any(String), encoding: 'PCM', sampleRate: 16000, channels: 1, length: 640 },
    });
    const said = frames.filter(isSpeech);
    expect(Buffer.concat(said.map((frame) => Buffer.from(audioOf(frame).data ?? '', 'base64')))).toEqual(
      Buffer.from(new Int16Array([...speech(500), ...new Int16Array(140)]).buffer),
    );
    for (const frame of frames) {
      expect(audioOf(frame)).toMatchObject({ participantRawID: `4:${phoneE164}`, data: expect.stringMatching(/^.{856}$/) });
      expect(StreamingData.parse(JSON.stringify(frame))).toMatchObject({ participant: { phoneNumber: phoneE164 } });
      expect(acsMediaCodec.decode(Buffer.from(JSON.stringify(frame)))).toMatchObject({ type: 'audio' });
    }
  });

  it('carries 24 kHz both ways where that was asked for, to and from phones that speak 16', async () => {
    const { phone, connectionId, callId } = await dial({ sampleRate: 24_000 });
    const socket = await media.nextSocket();
    expect(await format(socket)).toMatchObject({ audioMetadata: { encoding: 'PCM', sampleRate: 24_000, channels: 1, length: 960 } });

    phone.line?.say(tone(1_000, 16_000, 16_000));
    await socket.next(() => socket.messages.filter(isSpeech).length === 51); // the end of the sound is in a frame of its own
    const said = socket.messages.filter(isSpeech).map((frame) => pcmOf(audioOf(frame).data ?? ''));
    expect(new Set(said.map(({ length }) => length))).toEqual(new Set([480]));
    expect(Math.abs(crossings(said.flatMap((frame) => [...frame])) - 2_000)).toBeLessThan(20);
    const silent = await socket.next((message) => audioOf(message).silent === true);
    expect(pcmOf(audioOf(silent).data ?? '')).toEqual(new Int16Array(480));

    socket.socket.send(createOutboundAudioData(base64Of(tone(1_000, 24_000, 24_000))));
    await phone.until(() => phone.heardSamples.length >= 15_900);
    expect(Math.abs(crossings(phone.heardSamples) - 2_000)).toBeLessThan(20);
    await carrier.hangUp(connectionId);
    await inbox.next(callId, 'ended');
    expect(statisticsOf(connectionId)).toMatchObject({ sampleRate: 24_000, receivedMs: 1_000, malformed: 0 });
  });

  it.each([
    ['as the SDK writes it', (pcm: Int16Array) => createOutboundAudioData(base64Of(pcm))],
    ['as our codec writes it', (pcm: Int16Array) => acsMediaCodec.encodeAudio(pcm).toString()],
    [
      'as samples in other languages write it',
      (pcm: Int16Array) => JSON.stringify({ Kind: 'AudioData', AudioData: { Data: base64Of(pcm) }, StopAudio: null }),
    ],
  ])('plays what it is sent %s, in whole', async (_spelling, write) => {
    const { phone } = await dial();
    const { socket } = await media.nextSocket();
    socket.send(write(speech(1_000)));
    socket.send(write(speech(1_000, 1_001)));
    await phone.until(() => phone.heardSamples.length >= 2_000);
    expect(phone.heardSamples).toEqual([...speech(2_000)]);
  });

  it('stops at once when told to, and plays what comes after', async () => {
    const { phone, connectionId, callId } = await dial();
    const { socket } = await media.nextSocket();
    socket.send(createOutboundAudioData(base64Of(new Int16Array(16_000).fill(7))));
    await phone.until(() => phone.heardSamples.length > 0);
    socket.send(createOutboundStopAudioData());
    socket.send(createOutboundAudioData(base64Of(new Int16Array(320).fill(9))));
    await phone.until(() => phone.heardSamples.includes(9));
    expect(phone.heardSamples.filter((sample) => sample === 7).length).toBeLessThan(8_000);
    await carrier.hangUp(connectionId);
    await inbox.next(callId, 'ended');
    expect(statisticsOf(connectionId)).toMatchObject({ stops: 1, receivedMs: 1_020, underruns: 0, malformed: 0 });
  });

  it('plays nothing when audio both ways was not asked for, and tells nobody', async () => {
    const client = new CallAutomationClient(server.connectionString, { allowInsecureConnection: true, retryOptions: { maxRetries: 0 } });
    const { phoneE164, phone } = server.network.add({ kind: 'answer', afterMs: 0 });
    const mediaStreamingOptions = {
      transportUrl: media.url,
      transportType: 'websocket',
      audioChannelType: 'Mixed',
      startMediaStreaming: true,
    } as const;
    const invite = { targetParticipant: { phoneNumber: phoneE164 }, sourceCallIdNumber: { phoneNumber: CALLER } };
    const { callConnection } = await client.createCall(invite, inbox.urlOf('raw'), { mediaStreamingOptions });
    const socket = await media.nextSocket();
    const frame = await socket.next((message) => message['kind'] === 'AudioData');
    expect(audioOf(frame)).not.toHaveProperty('participantRawID');
    socket.socket.send(createOutboundAudioData(base64Of(speech(320))));
    const before = phone.heard.length;
    await phone.until(() => phone.heard.length > before + 10);
    expect(phone.heardSamples).toEqual([]);
    await callConnection.hangUp(true);
    expect(server.carrier.ledger.snapshot().calls).toMatchObject([{ media: { framesIgnored: 1, receivedMs: 0 } }]);
  });

  it('carries the keys that the callee presses', async () => {
    const { phone } = await dial();
    const socket = await media.nextSocket();
    await format(socket);
    phone.line?.sendTone('5');
    expect(await socket.next((message) => message['kind'] === 'DtmfData')).toEqual({ kind: 'DtmfData', dtmfData: { data: '5' } });
  });

  it('counts garbage and binary frames, and goes on', async () => {
    const { phone, connectionId, callId } = await dial();
    const { socket } = await media.nextSocket();
    for (const garbage of ['{', '[]', '{"kind":"audioData","audioData":{"data":"???"}}']) socket.send(garbage);
    socket.send(acsMediaCodec.encodeAudio(speech(320)));
    socket.send(createOutboundAudioData(base64Of(speech(320))));
    await phone.until(() => phone.heardSamples.length >= 320);
    await carrier.hangUp(connectionId);
    await inbox.next(callId, 'ended');
    expect(statisticsOf(connectionId)).toMatchObject({ malformed: 4, framesReceived: 1 });
  });

  it('ends with the call, on both sides', async () => {
    const { phone, callId } = await dial();
    const { socket } = await media.nextSocket();
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    await inbox.next(callId, 'answered');
    phone.line?.hangUp();
    expect(await closed).toBe(1000);
    expect(phone.ended).toBe(true);
  });

  it('is opened again when it drops, and the call goes on', async () => {
    const { phone } = await dial();
    const first = await media.nextSocket();
    await format(first);
    first.socket.close(1011);
    const second = await media.nextSocket();
    await format(second);
    second.socket.send(createOutboundAudioData(base64Of(speech(320))));
    await phone.until(() => phone.heardSamples.length >= 320);
  });

  it('that is refused for good fails, and the call stays up', async () => {
    media.refuseWith(401);
    const { callId, connectionId, phone } = await dial();
    const { result } = await inbox.next(callId, 'media_failed');
    expect(result).toMatchObject({ code: 400, subCode: 8581 });
    expect([media.refused, phone.ended]).toEqual([1, false]);
    await carrier.hangUp(connectionId);
    await inbox.next(callId, 'ended');
  });

  it('that nobody takes fails after four tries within five seconds', async () => {
    media.refuseWith(503);
    const { callId, phone } = await dial();
    await inbox.next(callId, 'media_failed');
    expect([media.refused, phone.ended]).toEqual([4, false]);
  });

  it('is stopped and started on request', async () => {
    const { connectionId, callId } = await dial();
    const first = await media.nextSocket();
    const closed = new Promise((resolve) => first.socket.once('close', resolve));
    await inbox.next(callId, 'media_started');
    const client = new CallAutomationClient(server.connectionString, { allowInsecureConnection: true, retryOptions: { maxRetries: 0 } });
    const callMedia = client.getCallConnection(connectionId).getCallMedia();
    await callMedia.stopMediaStreaming();
    await closed;
    await callMedia.startMediaStreaming();
    await format(await media.nextSocket());
  });
});
