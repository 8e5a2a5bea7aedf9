import type { Operation } from './fault-injection.js';

export interface AcsRoute {
  operation: Operation;
  /** Empty for createCall. */
  connectionId: string;
}

const CONNECTIONS = '/calling/callConnections';
/** `{id}`, `{id}:action` or `{id}/participants`; the id is percent-encoded and holds no colon of its own. */
const CONNECTION = /^\/calling\/callConnections\/([^/:]+)(?::(\w+)|\/(participants))?$/;

const ACTIONS: ReadonlyMap<string, Operation> = new Map([
  ['POST :terminate', 'terminate'],
  ['POST :transferToParticipant', 'transfer'],
  ['POST :startMediaStreaming', 'startMediaStreaming'],
  ['POST :stopMediaStreaming', 'stopMediaStreaming'],
  ['POST :play', 'play'],
  ['POST :cancelAllMediaOperations', 'cancelAll'],
  ['GET ', 'getProperties'],
  ['DELETE ', 'hangUp'],
  ['GET /participants', 'listParticipants'],
]);

/** Operations of the service that this emulator does not have: they are refused as such, not as unknown. */
const NOT_EMULATED = /^\/calling\/(callConnections(:(answer|redirect|reject|connect)$|\/[^/]+(:|\/participants))|recordings)/;

/** Finds the operation; 'not-emulated' is one that only the real service has, null is none at all. */
export function matchRoute(method: string, path: string): AcsRoute | 'not-emulated' | null {
  if (method === 'POST' && path === CONNECTIONS) return { operation: 'createCall', connectionId: '' };
  const [, id, action, part] = CONNECTION.exec(path) ?? [];
  const operation = id && ACTIONS.get(`${method} ${action ? `:${action}` : part ? `/${part}` : ''}`);
  if (id && operation) return { operation, connectionId: decoded(id) };
  return NOT_EMULATED.test(path) ? 'not-emulated' : null;
}

function decoded(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return ''; // no call has this name
  }
}
