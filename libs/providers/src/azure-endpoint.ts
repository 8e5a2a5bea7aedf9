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

/**
 * True when what was asked for is wrong in itself, as an unknown voice or language: HTTP 400 at the handshake, close code 1007 later. The SDK tells it in its
 * text, whatever way the failure takes through it. Not 401 and 403, which hold for every request.
 */
export function isRejection(details: string): boolean {
  return /\bwebsocket error code: 1007\b|\bunexpected server response: 400\b|\bstatus ?code: 400\b/i.test(details);
}

/** True when the service has enough of us: HTTP 429 at the handshake, close code 4429 later. The SDK only tells it in its text. */
export function isThrottling(details: string): boolean {
  return /\b4?429\b|too many requests|quota exceeded/i.test(details);
}
