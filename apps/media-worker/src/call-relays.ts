import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock, Ms } from '@carillon/pipeline';
import { within, type Logger } from '@carillon/platform';
import type { FleetRegister, WorkerPeer } from './ports.js';
import { askPeer, joinSockets, type PeerAnswer } from './relay-socket.js';

/** Names the worker that passed a call on. Who sees it refuses rather than pass the call on once more. */
const PASSED_ON_BY = 'x-carillon-passed-on-by';
/** The carrier waits about five seconds for its handshake. */
const FLEET_TIMEOUT_MS: Ms = 1_000;
const PEER_TIMEOUT_MS: Ms = 1_200;
const MOST_PEERS = 3;

export type PassOnResult = 'passed' | 'no_room' | 'refused' | 'failed';

export interface CallRelaysOptions {
  /** This worker's own. */
  workerId(): string;
  /** Frames that are passed on cost little, but not nothing. */
  mostRelays: number;
  fleet: Pick<FleetRegister, 'peers'>;
  clock: Clock;
  log: Logger;
  count(result: PassOnResult): void;
}

/** A socket on its way to another worker. */
export interface Handshake {
  request: IncomingMessage;
  socket: Duplex;
  head: Buffer;
}

/** The far end has closed its side, or all of it: nobody waits for the answer. */
export function isGone({ socket }: { socket: Duplex }): boolean {
  return socket.destroyed || !socket.readable || !socket.writable;
}

/**
 * Calls that came to this worker while it had no room, and that another one holds: their handshake is repeated there with the same path, token and
 * signature, which that worker checks for itself, and the two sockets are tied together. To the carrier it is one media socket.
 */
export class CallRelays {
  private readonly open = new Map<Duplex, Promise<void>>();
  /** Handshakes that a peer is asked for. */
  private asking = 0;
  private closed = false;

  constructor(private readonly options: CallRelaysOptions) {}

  get count(): number {
    return this.open.size;
  }

  /** True: another worker has the call, and the handshake was answered. False: the caller answers it. Never rejects. */
  async passOn(callId: string, handshake: Handshake): Promise<boolean> {
    const { log, count, mostRelays } = this.options;
    if (handshake.request.headers[PASSED_ON_BY] !== undefined || this.open.size + this.asking >= mostRelays) return false;
    if (this.closed) return false;
    this.asking += 1;
    try {
      const peer = await this.findTaker(handshake);
      if (peer === null) return false;
      count('passed');
      log.info({ callId, toWorkerId: peer }, 'a call was passed on to another worker');
      return true;
    } catch (error) {
      count('failed');
      log.warn({ err: error, callId }, 'the fleet does not say who has room');
      return false;
    } finally {
      this.asking -= 1;
    }
  }

  /** All that there are now have ended. */
  async empty(): Promise<void> {
    await Promise.all(this.open.values());
  }

  /** Cuts what is left, and ties no more: the carrier opens its sockets again, to workers that have room. */
  close(): void {
    this.closed = true;
    for (const socket of this.open.keys()) socket.destroy();
  }

  private async findTaker(handshake: Handshake): Promise<string | null> {
    const peers = await this.peersWithRoom();
    if (peers.length === 0) this.options.count('no_room');
    for (const { workerId, url } of peers) {
      // A peer that is asked takes the call from whoever holds it by now.
      if (this.closed || isGone(handshake)) return null;
      const answer = await this.ask(url, handshake);
      if (this.closed || isGone(handshake)) {
        if (answer && 'socket' in answer) answer.socket.destroy();
        return null;
      }
      if (answer && 'socket' in answer) {
        this.join(handshake, answer);
        return workerId;
      }
      this.options.count(answer === null ? 'failed' : 'refused');
    }
    return null;
  }

  private async peersWithRoom(): Promise<(WorkerPeer & { workerId: string })[]> {
    const { fleet } = this.options;
    const own = this.options.workerId();
    const asking = fleet.peers();
    if (!(await within(FLEET_TIMEOUT_MS, asking))) throw new Error('the fleet did not answer in time');
    const peers = (await asking).filter(({ workerId, room }) => workerId !== own && room > 0);
    return peers.sort((left, right) => right.room - left.room).slice(0, MOST_PEERS);
  }

  private async ask(url: string, { request }: Handshake): Promise<PeerAnswer | null> {
    const { workerId, clock, log } = this.options;
    try {
      return await askPeer({ url, handshake: request, headers: { [PASSED_ON_BY]: workerId() }, clock, timeoutMs: PEER_TIMEOUT_MS });
    } catch (error) {
      log.warn({ err: error, url }, 'another worker cannot be reached');
      return null;
    }
  }

  private join({ socket, head }: Handshake, { response, socket: far, head: farHead }: Extract<PeerAnswer, { head: Buffer }>): void {
    const { rawHeaders } = response;
    const lines = rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${rawHeaders[index + 1] ?? ''}`] : []));
    socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('\r\n')}\r\n\r\n`);
    socket.write(farHead);
    far.write(head);
    const ended = joinSockets(socket, far, this.options.clock);
    this.open.set(socket, ended);
    void ended.then(() => this.open.delete(socket));
  }
}
