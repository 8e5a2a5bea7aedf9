import { Recognizer, SpeechConfig } from 'microsoft-cognitiveservices-speech-sdk';
import { WebsocketMessageAdapter } from 'microsoft-cognitiveservices-speech-sdk/distrib/lib/src/common.browser/WebsocketMessageAdapter.js';

/** Where the speech service is: a full WebSocket URL with its path, or an Azure region. */
export type AzureEndpoint = { url: string; key: string } | { region: string; key: string };

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
  if ('region' in endpoint) return SpeechConfig.fromSubscription(endpoint.key, endpoint.region);
  const url = new URL(endpoint.url);
  if (url.pathname === '/' || url.pathname === '') throw new Error(`the speech URL needs its full path: ${url.host} has none`);
  if (url.pathname.toLowerCase() === DEFAULT_SYNTHESIS_PATH) return SpeechConfig.fromHost(new URL(url.origin), endpoint.key);
  return SpeechConfig.fromEndpoint(url, endpoint.key);
}

/** What the service or the SDK said, without the key that the SDK writes into URLs. */
export function withoutKeys(details: string): string {
  return details.replace(/((?:Ocp-Apim-Subscription-Key|Authorization)(?:=|: ?))[^&\s"]+/gi, '$1[key]');
}

/** True when the service has enough of us: HTTP 429 at the handshake, close code 4429 later. The SDK only tells it in its text. */
export function isThrottling(details: string): boolean {
  return /\b4?429\b|too many requests|quota exceeded/i.test(details);
}
