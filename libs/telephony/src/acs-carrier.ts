import { CallAutomationClient, type CreateCallOptions, type MediaStreamingOptions } from '@azure/communication-call-automation';
import { isOver, placeResultOf, requestErrorOf } from './acs-answers.js';
import { parseAcsCallback } from './acs-callback.js';
import { acsOutcome } from './acs-result-codes.js';
import { createAcsVerifier } from './acs-signature.js';
import type { Carrier, PlaceRequest, PlaceResult } from './carrier.js';

export interface AcsCarrierOptions {
  /** `endpoint=…;accesskey=…` */
  connectionString: string;
  issuer: string;
  /** The immutable id of the ACS resource. */
  audience: string;
  jwksUrl: string;
  /** Epoch milliseconds. */
  now?: () => number;
  /** For everything but `place`, whose request says its own. */
  timeoutMs?: number;
}

const TIMEOUT_MS = 10_000;
/** The second try covers a connection that broke on its way; ending a call twice is harmless. */
const HANG_UP_TRIES = 2;
const E164 = /^\+[1-9]\d{6,14}$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * ACS Call Automation behind the carrier port. The SDK never retries: a second post is the ledger's decision. Throws an Error that
 * says what is wrong with the options; plain http and ws are taken for loopback hosts only.
 */
export function createAcsCarrier(options: AcsCarrierOptions): Carrier {
  const { now = Date.now, timeoutMs = TIMEOUT_MS } = options;
  const endpoint = checkedEndpoint(options.connectionString);
  if (!isSafe(options.jwksUrl, 'https:'))
    throw new Error(`the key set URL ${options.jwksUrl} must be https (http for a loopback host only)`);
  const client = new CallAutomationClient(options.connectionString, {
    allowInsecureConnection: endpoint.protocol === 'http:',
    retryOptions: { maxRetries: 0 },
  });
  const requestOptions = { timeout: timeoutMs };
  return {
    place: (request) => place(client, request, now),
    async hangUp(connectionId) {
      for (let tries = 1; ; tries++) {
        try {
          return await client.getCallConnection(connectionId).hangUp(true, { requestOptions });
        } catch (error) {
          if (isOver(error)) return;
          const failure = requestErrorOf('hanging up', error);
          const refused = failure.status !== null && failure.status < 500;
          if (refused || tries === HANG_UP_TRIES) throw failure;
        }
      }
    },
    async transfer(connectionId, { toE164, callId }) {
      if (!E164.test(toE164)) throw new RangeError('a call is transferred to an E.164 phone number only');
      try {
        await client
          .getCallConnection(connectionId)
          .transferCallToParticipant({ phoneNumber: toE164 }, { operationContext: callId, requestOptions });
      } catch (error) {
        throw requestErrorOf('the transfer', error);
      }
    },
    parseCallback: (body) => parseAcsCallback(body, now),
    verify: createAcsVerifier({ issuer: options.issuer, audience: options.audience, jwksUrl: options.jwksUrl, now }),
    outcomeOf: acsOutcome,
  };
}

async function place(client: CallAutomationClient, request: PlaceRequest, now: () => number): Promise<PlaceResult> {
  const fault = faultOf(request);
  if (fault !== null) return { kind: 'refused', status: 400, code: 'not_sent', message: fault, retryAfterMs: null, cause: 'request' };
  const invite = { targetParticipant: { phoneNumber: request.toE164 }, sourceCallIdNumber: { phoneNumber: request.fromE164 } };
  try {
    const { callConnectionProperties } = await client.createCall(invite, request.callbackUrl, createCallOptions(request));
    const connectionId = callConnectionProperties.callConnectionId;
    return connectionId ? { kind: 'placed', connectionId } : { kind: 'unknown', message: 'the answer names no call' };
  } catch (error) {
    return placeResultOf(error, now);
  }
}

/** The SDK makes an id of its own for every call; custom headers are applied last and win. */
function createCallOptions(request: PlaceRequest): CreateCallOptions {
  return {
    operationContext: request.callId,
    mediaStreamingOptions: acsMediaOptions(request),
    requestOptions: {
      timeout: request.timeoutMs,
      customHeaders: {
        'Repeatability-Request-ID': request.repeatabilityId,
        'Repeatability-First-Sent': request.firstSentAt.toUTCString(),
        ...(request.traceparent === undefined ? {} : { traceparent: request.traceparent }),
      },
    },
  };
}

/** Without `enableBidirectional` the service plays nothing that we send, and says nothing about it. */
export function acsMediaOptions({ mediaUrl, sampleRate }: Pick<PlaceRequest, 'mediaUrl' | 'sampleRate'>): MediaStreamingOptions {
  return {
    transportUrl: mediaUrl,
    transportType: 'websocket',
    contentType: 'audio',
    audioChannelType: 'unmixed',
    startMediaStreaming: true,
    enableBidirectional: true,
    audioFormat: sampleRate === 24000 ? 'pcm24KMono' : 'pcm16KMono',
    enableDtmfTones: true,
  };
}

/** What the carrier could only refuse; nothing is sent then. Null when the request is sound. */
function faultOf(request: PlaceRequest): string | null {
  if (!E164.test(request.toE164)) return 'the number to call is no E.164 number';
  if (!E164.test(request.fromE164)) return 'the number to call from is no E.164 number';
  if (!UUID.test(request.repeatabilityId)) return 'the repeatability id is no UUID';
  if (!isSafe(request.callbackUrl, 'https:')) return 'the callback URL must be https (http for a loopback host only)';
  if (!isSafe(request.mediaUrl, 'wss:')) return 'the media URL must be wss (ws for a loopback host only)';
  return null;
}

function checkedEndpoint(connectionString: string): URL {
  const [, endpoint] = /(?:^|;)\s*endpoint=([^;]+)/i.exec(connectionString) ?? [];
  const [, accessKey] = /(?:^|;)\s*accesskey=([^;]+)/i.exec(connectionString) ?? [];
  if (endpoint === undefined || !URL.canParse(endpoint))
    throw new Error('the ACS connection string has no valid endpoint: endpoint=https://…;accesskey=…');
  if (accessKey === undefined || !isBase64(accessKey))
    throw new Error('the ACS connection string has no base64 access key: endpoint=https://…;accesskey=…');
  if (!isSafe(endpoint, 'https:')) throw new Error(`the ACS endpoint ${endpoint} must be https (http for a loopback host only)`);
  return new URL(endpoint);
}

function isBase64(text: string): boolean {
  return Buffer.from(text, 'base64').toString('base64') === text.trim();
}

/** `secure` is the scheme asked for; its plain twin passes on a loopback host. */
function isSafe(url: string, secure: 'https:' | 'wss:'): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  if (protocol === secure) return true;
  const loopback = hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
  return loopback && `${protocol.slice(0, -1)}s:` === secure;
}
