import * as http from 'node:http';
import { closeServer, listen } from '../../local/emulators/listen.ts';
import { neededFor, type Permission } from './roles.ts';

/** Stands between functions and AWS, passes everything on, and notes who did what to which resource. */
export function callWatch() {
  const calls = new Map<string, Permission>();
  const log: Permission[] = [];
  const servers: http.Server[] = [];

  async function between(_service: string, url: string): Promise<string> {
    const server = http.createServer(async (incoming, outgoing) => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
      const { headers, method, url: path = '/' } = incoming;
      // The local stack puts a function's name into the SDK's user agent; Powertools adds its own behind it.
      const caller = /\bapp\/(\S+?)(-PT-\S*)?(?=\s|$)/.exec(headers['user-agent'] ?? '')?.[1];
      const body = Buffer.concat(chunks);
      const call = neededFor(
        caller ?? 'nobody',
        String(headers['x-amz-target']),
        body.toString('utf8'),
      );
      calls.set(JSON.stringify(call), call);
      log.push(call);
      const onward = http.request(new URL(path, url), { method, headers }, (answer) => {
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
    close: () => Promise.all(servers.map(closeServer)),
  };
}
