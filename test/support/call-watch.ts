import * as http from 'node:http';
import { closeServer, listen } from '../../local/emulators/listen.ts';
import { neededFor } from './needs.ts';
import type { Permission } from './roles.ts';

/** What a call may meet: an outage in place of its answer, or a connection that breaks once it is done. */
type Mishap = 'down' | 'answer-lost';
type Rule = (call: Permission) => Mishap | undefined;

/** Stands between functions and AWS, passes everything on, and notes who did what to which resource. */
export function callWatch() {
  const calls = new Map<string, Permission>();
  const log: Permission[] = [];
  const servers: http.Server[] = [];
  let rule: Rule = () => undefined;

  async function between(_service: string, url: string): Promise<string> {
    const server = http.createServer(async (incoming, outgoing) => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
      const { headers, method, url: path = '/' } = incoming;
      // The local stack puts a function's name into the SDK's user agent; Powertools adds its own behind it.
      const caller = /\bapp\/(\S+?)(-PT-\S*)?(?=\s|$)/.exec(headers['user-agent'] ?? '')?.[1];
      const body = Buffer.concat(chunks);
      const needed = neededFor(
        caller ?? 'nobody',
        String(headers['x-amz-target']),
        body.toString('utf8'),
      );
      for (const call of needed) calls.set(JSON.stringify(call), call);
      log.push(...needed);
      const mishaps = needed.map(rule);
      if (mishaps.includes('down')) {
        outgoing.writeHead(500).end(JSON.stringify({ __type: 'InternalServerError' }));
        return;
      }
      const onward = http.request(new URL(path, url), { method, headers }, (answer) => {
        if (mishaps.includes('answer-lost')) {
          incoming.socket.resetAndDestroy();
          return;
        }
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      onward.on('error', () => outgoing.destroy());
      onward.end(body);
    });
    servers.push(server);
    return listen(server, 0);
  }

  return {
    between,
    /** Each kind of call once. */
    calls: () => [...calls.values()],
    /** Every call, in order. */
    log,
    /** From now on every call is asked about here, after it was noted. */
    meet: (next: Rule) => {
      rule = next;
    },
    close: () => Promise.all(servers.map(closeServer)),
  };
}

export type CallWatch = ReturnType<typeof callWatch>;
