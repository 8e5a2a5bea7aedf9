import { SpeechConfig } from 'microsoft-cognitiveservices-speech-sdk';
import { WebsocketMessageAdapter } from 'microsoft-cognitiveservices-speech-sdk/distrib/lib/src/common.browser/WebsocketMessageAdapter.js';
import { Recognizer } from 'microsoft-cognitiveservices-speech-sdk';

/** Where the speech service is: a full WebSocket URL with its path, or an Azure region. */
export type AzureEndpoint = { url: string; key: string } | { region: string; key: string };

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
  return SpeechConfig.fromEndpoint(url, endpoint.key);
}

/** What the service or the SDK said, without the key that the SDK writes into URLs. */
export function withoutKeys(details: string): string {
  return details.replace(/((?:Ocp-Apim-Subscription-Key|Authorization)(?:=|: ?))[^&\s"]+/gi, '$1[key]');
}
