import { runCli } from '../../cli/run.ts';
import { operatorRoutes } from '../../domain/replay/operator/routes.ts';
import type { service } from '../domain/replay/service.ts';

/** The route that a request matches, and its path parameters. */
function match(method: string, path: string) {
  for (const routeKey of operatorRoutes) {
    const [verb, pattern = ''] = routeKey.split(' ');
    const names = [...pattern.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
    const found = new RegExp(`^${pattern.replace(/\{\w+\}/g, '([^/]+)')}$`).exec(path);
    if (verb !== method || found === null) continue;
    const values = found.slice(1).map(decodeURIComponent);
    return {
      routeKey,
      params: Object.fromEntries(names.map((name, at) => [name, values[at] ?? ''])),
    };
  }
  throw new Error(`no route for ${method} ${path}`);
}

/** A command line before a service in memory, whose machine runs while the command sleeps. */
export function terminal(
  s: ReturnType<typeof service>,
  options: { answer?: string; env?: Record<string, string | undefined>; key?: string } = {},
) {
  return async (line: string) => {
    let out = '';
    let err = '';
    const exitCode = await runCli(line.split(' ').filter(Boolean), {
      out: (text) => {
        out += text;
      },
      err: (text) => {
        err += text;
      },
      env: { CI360_OPERATOR_KEY: 'good', CI360_TENANT: 'tenant-a', ...options.env },
      fetch: async (url, init) => {
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
        return Response.json(body, { status });
      },
      now: s.w.clock,
      sleep: async () => {
        await s.w.run();
      },
      ask: async () => options.answer,
      terminal: undefined,
    });
    return { exitCode, out, err };
  };
}
