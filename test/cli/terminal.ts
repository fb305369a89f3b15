import { runCli } from '../../cli/run.ts';
import { operatorRoutes } from '../../domain/operator/routes.ts';
import type { service } from '../domain/operator/service.ts';
import { aScreen, type Screen } from './screen.ts';

/** The route that a request matches, and its path parameters. */
function match(method: string, path: string) {
  for (const { method: verb, path: pattern } of operatorRoutes) {
    const names = [...pattern.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
    const found = new RegExp(`^${pattern.replace(/\{\w+\}/g, '([^/]+)')}$`).exec(path);
    if (verb !== method || found === null) continue;
    const values = found.slice(1).map(decodeURIComponent);
    return {
      routeKey: `${verb} ${pattern}`,
      params: Object.fromEntries(names.map((name, at) => [name, values[at] ?? ''])),
    };
  }
  throw new Error(`no route for ${method} ${path}`);
}

/** A command line before a service in memory, whose machine runs while the command sleeps. */
export function terminal(
  s: ReturnType<typeof service>,
  options: {
    answer?: string;
    env?: Record<string, string | undefined>;
    /** Output is a terminal of so many columns. */
    columns?: number;
    /** The terminal itself, where its escape sequences matter. */
    screen?: Screen;
    /** The service goes away while the command sleeps for the first time. */
    answersUntilSleep?: boolean;
    /** So many starts of a replay are done, but their answers are lost or a 502 of the gateway. */
    spoiledStarts?: number;
    spoiledBy?: 'lost' | 'bad-gateway';
    /** The user presses Ctrl-C while the command sleeps for the first time. */
    pressesCtrlC?: boolean;
  } = {},
) {
  return async (line: string) => {
    let out = '';
    let err = '';
    let asked = '';
    let hasSlept = false;
    let toSpoil = options.spoiledStarts ?? 0;
    let leave = () => {};
    const screen = options.screen ?? (options.columns ? aScreen(options.columns) : undefined);
    const exitCode = await runCli(line.split(' ').filter(Boolean), {
      out: (text) => {
        out += text;
      },
      err: (text) => {
        err += text;
      },
      env: { CI360_OPERATOR_KEY: 'good', CI360_TENANT: 'tenant-a', ...options.env },
      fetch: async (url, init) => {
        if (options.answersUntilSleep && hasSlept) throw new TypeError('fetch failed');
        const { pathname, searchParams } = new URL(url);
        const method = init.method ?? 'GET';
        const headers = new Headers(init.headers);
        const { status, body } = await s.serve({
          ...match(method, pathname),
          method,
          path: pathname,
          rawQuery: searchParams.toString(),
          query: searchParams,
          headers: Object.fromEntries(headers.entries()),
          body: typeof init.body === 'string' ? init.body : '',
          requestId: 'request-1',
        });
        if (status === 202 && toSpoil > 0) {
          toSpoil -= 1;
          if (options.spoiledBy === 'bad-gateway') return new Response('', { status: 502 });
          throw new TypeError('fetch failed');
        }
        return Response.json(body, { status });
      },
      now: s.w.clock,
      newId: s.newId,
      sleep: async () => {
        if (options.pressesCtrlC && !hasSlept) {
          leave();
          screen?.noteCtrlC();
        }
        hasSlept = true;
        await s.w.run();
      },
      ask: async (question) => {
        asked += question;
        return options.answer;
      },
      onInterrupt: (given) => {
        leave = given;
        return () => {};
      },
      terminal: screen?.screen,
    });
    return { exitCode, out, err, asked };
  };
}
