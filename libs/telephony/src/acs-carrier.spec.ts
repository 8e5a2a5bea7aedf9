import { acsMediaOptions, createAcsCarrier } from './acs-carrier.js';

const key = Buffer.from('key').toString('base64');
const issuer = {
  issuer: 'https://acscallautomation.communication.azure.com',
  audience: 'resource',
  jwksUrl: 'https://example.com/calling/keys',
};
const carrierAt = (connectionString: string, jwksUrl = issuer.jwksUrl) => createAcsCarrier({ ...issuer, connectionString, jwksUrl });
const request = {
  callId: 'c',
  toE164: '+15551230001',
  fromE164: '+15550000001',
  callbackUrl: 'https://api.example.com/c',
  mediaUrl: 'wss://media.example.com/m',
  sampleRate: 16000 as const,
  repeatabilityId: '0b8f1c1e-6f0e-4d7b-9a55-3f1f6a5c2d11',
  firstSentAt: new Date(),
  timeoutMs: 1_000,
};

describe('the connection string', () => {
  it.each([
    ['', 'no valid endpoint'],
    ['endpoint=nowhere;accesskey=a2V5', 'no valid endpoint'],
    ['endpoint=https://a.example.com', 'no base64 access key'],
    ['endpoint=https://a.example.com;accesskey=???', 'no base64 access key'],
    [`endpoint=http://a.example.com;accesskey=${key}`, 'must be https'],
  ])('%p is refused: %s', (connectionString, message) => expect(() => carrierAt(connectionString)).toThrow(message));

  it.each(['https://a.example.com', 'http://127.0.0.1:8080', 'http://localhost:8080/', 'http://[::1]:8080'])('%s is taken', (endpoint) => {
    expect(() => carrierAt(`endpoint=${endpoint};accesskey=${key}`)).not.toThrow();
  });

  it('does not make up for an insecure key set', () => {
    expect(() => carrierAt(`endpoint=https://a.example.com;accesskey=${key}`, 'http://a.example.com/keys')).toThrow('must be https');
  });
});

describe('a dial request', () => {
  it.each([
    ['toE164', '5551230001'],
    ['fromE164', ''],
    ['repeatabilityId', 'once'],
    ['callbackUrl', 'http://api.example.com/c'],
    ['mediaUrl', 'https://media.example.com/m'],
    ['mediaUrl', 'ws://media.example.com/m'],
  ])('with %s %p is not sent', async (field, value) => {
    const result = await carrierAt(`endpoint=https://a.invalid;accesskey=${key}`).place({ ...request, [field]: value });
    expect(result).toMatchObject({ kind: 'refused', code: 'not_sent', cause: 'request' });
  });

  it('asks for audio both ways: without it the carrier drops what we say in silence', () => {
    expect(acsMediaOptions(request)).toEqual({
      transportUrl: 'wss://media.example.com/m',
      transportType: 'websocket',
      contentType: 'audio',
      audioChannelType: 'unmixed',
      startMediaStreaming: true,
      enableBidirectional: true,
      audioFormat: 'pcm16KMono',
      enableDtmfTones: true,
    });
    expect(acsMediaOptions({ ...request, sampleRate: 24000 }).audioFormat).toBe('pcm24KMono');
  });
});
