import { Agent, type RequestOptions } from 'node:https';
import * as net from 'node:net';
import type { Duplex } from 'node:stream';
import { SECOND } from '../../domain/clock.ts';

/** A host that does not answer is given up after this time, whether or not a request still waits for it. */
const CONNECT_LIMIT = 15 * SECOND;

type Done = (error: Error | null, connection?: Duplex) => void;

/** The TCP connections beneath the TLS ones, for `resetConnection`. */
const tcpOf = new WeakMap<Duplex, net.Socket>();

/**
 * Makes the TCP connection first and TLS over it, because a TLS socket by itself cannot be reset.
 * Requests get a connection once its handshake is done, so none that is half made comes into the pool.
 */
export class ResettableTlsAgent extends Agent {
  override createConnection(
    options: RequestOptions,
    callback?: (error: Error | null, connection: Duplex) => void,
  ): undefined {
    // The agent hears the first of these calls only.
    const done = callback as Done;
    const tcp = net.connect({
      host: options.host ?? '',
      port: Number(options.port),
      noDelay: true,
    });
    const tooSlow = () => tcp.destroy(Object.assign(new Error('connect'), { code: 'ETIMEDOUT' }));
    tcp.setTimeout(CONNECT_LIMIT, tooSlow);
    tcp.on('error', done);
    tcp.once('connect', () => {
      const over = { ...options, socket: tcp };
      const tls = super.createConnection(over);
      tls?.on('error', done);
      tls?.once('secureConnect', () => {
        tcp.setTimeout(0);
        tcpOf.set(tls, tcp);
        done(null, tls);
      });
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
