import { audioMessage, newRequestId, readSpeechMessage, textMessage, waveMessage } from './speech-framing.js';

const ID = 'ABCDEF0123456789ABCDEF0123456789';

function read(text: string) {
  return readSpeechMessage(Buffer.from(text), false);
}

describe('the framing of the speech protocol', () => {
  it('writes a header, an empty line and compact JSON', () => {
    const [header, body] = textMessage('speech.context', ID, { a: 'ü' }).split('\r\n\r\n');
    expect(header?.split('\r\n')).toEqual([
      'Path: speech.context',
      `X-RequestId: ${ID}`,
      expect.stringMatching(/^X-Timestamp: \d{4}-\d\d-\d\dT/) as string,
      'Content-Type: application/json',
    ]);
    expect(body).toBe('{"a":"ü"}');
  });

  it('writes audio behind a header whose length comes first', () => {
    const message = audioMessage(ID, Uint8Array.from([1, 2, 3, 4]));
    const headerEnd = 2 + message.readUInt16BE(0);
    expect(message.toString('latin1', 2, headerEnd)).toMatch(new RegExp(`^Path: audio\r\nX-RequestId: ${ID}\r\nX-Timestamp: .*\r\n$`));
    expect([...message.subarray(headerEnd)]).toEqual([1, 2, 3, 4]);
  });

  it('begins a turn with a wave header of 16 kHz, 16 bit, mono', () => {
    const message = waveMessage(ID);
    expect(readSpeechMessage(message, true)).toMatchObject({ path: 'audio', requestId: ID });
    const wave = message.subarray(-44);
    expect([wave.toString('latin1', 0, 4), wave.toString('latin1', 8, 16), wave.toString('latin1', 36, 40)]).toEqual([
      'RIFF',
      'WAVEfmt ',
      'data',
    ]);
    expect([20, 22, 32, 34].map((at) => wave.readUInt16LE(at))).toEqual([1, 1, 2, 16]);
    expect([wave.readUInt32LE(24), wave.readUInt32LE(28)]).toEqual([16_000, 32_000]);
  });

  it('reads what it is told, whatever the case and order of the header', () => {
    expect(read(`x-requestid:${ID.toLowerCase()}\r\nX-Other: 1\r\nPATH: speech.Phrase\r\n\r\n{"Text":"ü"}`)).toEqual({
      ...{ path: 'speech.phrase', requestId: ID, body: '{"Text":"ü"}' },
    });
    expect(read(`Path:turn.end\r\nX-RequestId:${ID}\r\n\r\n`)?.body).toBe('');
  });

  it.each([
    ['nothing', ''],
    ['no header', 'hello'],
    ['no path', `X-RequestId:${ID}\r\n\r\n{}`],
    ['no request id', 'Path:turn.start\r\n\r\n{}'],
    ['lines that are none', 'Path\r\nX-RequestId\r\n\r\n{}'],
  ])('refuses to read what is no message (%s)', (_what, text) => {
    expect(read(text)).toBeUndefined();
  });

  it.each([[[]], [[0]], [[0, 9, 80]], [[255, 255, 1, 2, 3]]])('nor bytes whose header is not there (%j)', (bytes) => {
    expect(readSpeechMessage(Buffer.from(bytes), true)).toBeUndefined();
  });

  it('never gives the same id twice', () => {
    expect(new Set([newRequestId(), newRequestId()]).size).toBe(2);
    expect(newRequestId()).toMatch(/^[0-9A-F]{32}$/);
  });
});
