import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { MessageStore } from '../message-store.ts';
import type { SimulatorContext } from '../options.ts';
import {
  type Answer,
  answer,
  type PlainAnswer,
  type SimRequest,
  type Simulator,
} from '../simulator.ts';
import { tenantOfToken } from './token.ts';

const eventSchema = z.object({
  id: z.string(),
  /** Whose secret signed it. */
  tenantId: z.string(),
  /** ms since 1970 */
  at: z.number(),
  /** The JSON as injected. */
  body: z.record(z.string(), z.unknown()),
});
/** An external event that CI360 took in. */
export type InjectedEvent = z.infer<typeof eventSchema>;

const identities = ['datahub_id', 'subject_id', 'customer_id', 'login_id'] as const;

/** CI360's event gateway: `POST /marketingGateway/events`. */
export function createCi360Simulator(context: SimulatorContext) {
  const store = new MessageStore<InjectedEvent>({
    schema: eventSchema,
    idOf: ({ id }) => id,
    keysOf: ({ body }) => [String(body.eventName)],
    keep: context.keep,
    file: context.fileOf('events'),
  });

  function handle(request: SimRequest): Answer {
    if (!/^\/(?:marketingGateway\/)?events\/?$/.test(request.path))
      return refusal(404, 'Not found');
    if (request.method !== 'POST') return refusal(405, 'Method not allowed');
    const token = /^Bearer\s+(\S+)$/i.exec(String(request.headers.authorization ?? ''))?.[1] ?? '';
    const tenantId = tenantOfToken(context.secrets(), token);
    if (tenantId === undefined) return refusal(401, 'The token is not valid');
    if (!/json/i.test(String(request.headers['content-type'] ?? '')))
      return refusal(415, 'The content type must be application/json');
    const body = parse(request.body);
    if (typeof body === 'string') return refusal(400, body);
    store.put({ id: randomUUID(), tenantId, at: context.clock(), body });
    return answer(202);
  }

  const events = (): InjectedEvent[] => store.all();

  return {
    name: 'ci360',
    rootPaths: ['marketingGateway'],
    handle,
    errorAnswer: (status, code) => refusal(status, `Simulated failure ${code ?? status}`),
    accepted: events,
    forget: () => store.forget(),
    close: () => store.close(),
    /** What was taken in, oldest first. */
    events,
    /** Waits for an event that fits. */
    waitFor: (fits: (event: InjectedEvent) => boolean, timeoutMs?: number) =>
      store.waitFor(fits, timeoutMs),
    /** Waits until this many were taken in. */
    waitForCount: (count: number, timeoutMs?: number) =>
      store.until(
        () => {
          if (store.size < count) return false;
          const injected = events();
          return injected.length >= count && injected;
        },
        `${count} events at CI360`,
        timeoutMs,
      ),
  } satisfies Simulator & Record<string, unknown>;
}

/** The event, or what is wrong with it. */
function parse(text: string): Record<string, unknown> | string {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return 'The body is not JSON';
  }
  const event = z.record(z.string(), z.unknown()).safeParse(json);
  if (!event.success) return 'The body is not a JSON object';
  const { data } = event;
  if (typeof data.eventName !== 'string' || data.eventName === '') return 'eventName is required';
  const given = identities.filter((name) => data[name] !== undefined && data[name] !== '');
  if (given.length !== 1)
    return `Exactly one of ${identities.join(', ')} is required, not ${given.length}`;
  return data;
}

/** Errors are JSON with a `message`. */
const refusal = (status: number, message: string): PlainAnswer =>
  answer(status, { httpStatusCode: status, message });
