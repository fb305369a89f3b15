import type { RequestOptions } from 'node:https';
import { Agent } from 'node:https';
import * as net from 'node:net';
import type { Duplex } from 'node:stream';
import { SECOND } from '../domain/clock.ts';

/** A host that does not answer is given up after this time, whether or not a request still waits for it. */
const CONNECT_LIMIT = 15 * SECOND;

type Callback = (error: Error | null, stream: Duplex) => void;

/** The TCP connections beneath the TLS ones, for `resetConnection`. */
const tcpOf = new WeakMap<Duplex, net.Socket>();

/** Makes the TCP connection first and TLS over it, because a TLS socket by itself cannot be reset. */
export class ResettableTlsAgent extends Agent {
  override createConnection(options: RequestOptions, callback?: Callback): undefined {
    const done = callback as (error: Error | null, stream?: Duplex) => void;
    const tcp = net.connect({ host: options.host ?? '', port: Number(options.port) });
    const tooSlow = () => tcp.destroy(Object.assign(new Error('connect'), { code: 'ETIMEDOUT' }));
    tcp.setTimeout(CONNECT_LIMIT, tooSlow);
    tcp.once('error', done);
    tcp.once('connect', () => {
      tcp.setTimeout(0);
      // From here on the TLS connection tells of errors.
      tcp
        .off('timeout', tooSlow)
        .off('error', done)
        .on('error', () => undefined);
      const over = { ...options, socket: tcp };
      const tls = super.createConnection(over);
      if (tls) tcpOf.set(tls, tcp);
      done(null, tls ?? tcp);
    });
  }
}

/**
 * Drops a connection with all that was written to it and has not left yet. Closed in the usual way,
 * the system would go on delivering it: minutes later after a lost line, or when a frozen Lambda thaws.
 */
export function resetConnection(socket: net.Socket): void {
  (tcpOf.get(socket) ?? socket).resetAndDestroy();
}
