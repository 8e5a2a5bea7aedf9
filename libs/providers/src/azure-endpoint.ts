import { Recognizer, SpeechConfig } from 'microsoft-cognitiveservices-speech-sdk';
import { WebsocketMessageAdapter } from 'microsoft-cognitiveservices-speech-sdk/distrib/lib/src/common.browser/WebsocketMessageAdapter.js';

/** Where the speech service is: a full WebSocket URL with its path. Which one is that of an Azure region, the configuration knows. */
export interface AzureEndpoint {
  url: string;
  key: string;
}

/** With this path, too, the SDK would ask port 443, unless it puts it together itself from the host. */
const DEFAULT_SYNTHESIS_PATH = '/tts/cognitiveservices/websocket/v1';

let prepared = false;

/** Settings of the SDK that hold for the process. */
function prepareSdk(): void {
  if (prepared) return;
  prepared = true;
  Recognizer.enableTelemetry(false);
  // Node's own WebSocket would send the key in the URL only, and compress every audio frame. The `ws` package does neither.
  WebsocketMessageAdapter.forceNpmWebSocket = true;
}

/** Throws when the URL has no path: the SDK would first ask the host's port 443 where to go. */
export function azureSpeechConfig(endpoint: AzureEndpoint): SpeechConfig {
  prepareSdk();
  const url = new URL(endpoint.url);
  if (url.pathname === '/' || url.pathname === '') throw new Error(`the speech URL needs its full path: ${url.host} has none`);
  if (url.pathname.toLowerCase() === DEFAULT_SYNTHESIS_PATH) return SpeechConfig.fromHost(new URL(url.origin), endpoint.key);
  return SpeechConfig.fromEndpoint(url, endpoint.key);
}

/** What the service or the SDK said, without the key that the SDK writes into URLs. */
export function withoutKeys(details: string): string {
  return details.replace(/((?:Ocp-Apim-Subscription-Key|Authorization)(?:=|: ?))[^&\s"]+/gi, '$1[key]');
}

/** Said in words, also with close code 1007. What follows "Unsupported voice" or the like is a tenant's own text, and may read like anything. */
const OUT_OF_QUOTA = /(?<!\bunsupported\b.*)(?:quota exceeded|too many requests)/i;
/** HTTP 429 at the handshake, close code 4429 later. */
const TOO_MANY = /\b4?429\b/;
/** HTTP 400 at the handshake, close code 1007 later. */
const BAD_REQUEST = /\bwebsocket error code: 1007\b|\bunexpected server response: 400\b|\bstatus ?code: 400\b/i;

/**
 * What the service complains of, which the SDK tells in its text only, whatever way the failure takes through it. `throttled`: it has enough of us. `rejected`:
 * what was asked for is wrong in itself, as an unknown voice or language. All else, as 401 and 403, holds for every request.
 */
export function complaintIn(details: string, isBadRequest = BAD_REQUEST.test(details)): 'throttled' | 'rejected' | 'refused' {
  if (OUT_OF_QUOTA.test(details)) return 'throttled';
  if (isBadRequest) return 'rejected'; // whatever numbers are in what was asked for
  return TOO_MANY.test(details) ? 'throttled' : 'refused';
}
