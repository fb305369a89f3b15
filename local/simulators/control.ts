import * as z from 'zod';
import { faultSchema, faultShown } from './fault.ts';
import type { Mounted, Streamed } from './server.ts';
import {
  type Answer,
  answer,
  type PlainAnswer,
  type SimRequest,
  type Simulator,
} from './simulator.ts';

const replySchema = z.strictObject({
  from: z.string().min(1),
  to: z.string().min(1),
  body: z.string().default(''),
  mediaUrls: z.array(z.url()).optional(),
  fields: z.record(z.string(), z.string()).optional(),
  flat: z.boolean().optional(),
  tenant: z.string().optional(),
});

const areas = ['_inspect', '_messages', '_faults', '_settings', '_reply'];

/** The paths by which people and tests steer the simulators: `/_inspect`, `/_messages`, `/_faults`, `/_settings`, `/_reply`, `/_undeliverable`. */
export const createControl =
  (mounted: ReadonlyMap<string, Mounted>, undeliverable: () => Iterable<unknown>) =>
  async (request: SimRequest): Promise<Answer | Streamed | undefined> => {
    const [, area = '', name = '', ...rest] = request.path.split('/');
    if (request.path === '/_undeliverable' && request.method === 'GET')
      return { kind: 'stream', items: undeliverable() };
    if (rest.length > 0 || !areas.includes(area)) return undefined;
    const target = mounted.get(name);
    if (!target)
      return answer(404, {
        error: `There is no simulator "${name}". There are: ${[...mounted.keys()].join(', ')}`,
      });
    const method = `${request.method} ${area}`;
    switch (method) {
      case 'GET _inspect':
        return { kind: 'stream', items: target.inspection.entries() };
      case 'DELETE _inspect':
        target.inspection.forget();
        return answer(204);
      case 'GET _messages':
        return { kind: 'stream', items: target.simulator.accepted?.() ?? [] };
      case 'DELETE _messages':
        target.simulator.forget?.();
        return answer(204);
      case 'GET _faults':
        return answer(200, faultShown(target.faults.current));
      case 'DELETE _faults':
        target.faults.set(faultSchema.parse({}));
        return answer(200, faultShown(target.faults.current));
      case 'PUT _faults': {
        const fault = read(faultSchema, request.body);
        if (!fault.ok) return fault.refusal;
        target.faults.set(fault.value);
        return answer(200, faultShown(fault.value));
      }
      case 'GET _settings':
      case 'PUT _settings':
      case 'DELETE _settings':
        return settingsAnswer(request, name, target.simulator);
      case 'POST _reply': {
        if (!target.simulator.reply)
          return answer(404, { error: `Nobody can answer through "${name}"` });
        const reply = read(replySchema, request.body);
        if (!reply.ok) return reply.refusal;
        const result = await target.simulator.reply(reply.value);
        return result.status === undefined
          ? answer(502, { error: 'The connector could not be reached', ...result })
          : answer(200, result);
      }
      default:
        return answer(405, { error: `${request.method} is not possible here` });
    }
  };

/** Shows the settings, or replaces all of them: what is not named gets its default. */
function settingsAnswer(
  { method, body }: SimRequest,
  name: string,
  { settings }: Simulator,
): PlainAnswer {
  if (!settings) return answer(404, { error: `"${name}" has no settings` });
  if (method !== 'GET') {
    const given = read(settings.schema, method === 'DELETE' ? '{}' : body);
    if (!given.ok) return given.refusal;
    settings.set(given.value);
  }
  return answer(200, settings.current());
}

function read<T>(
  schema: z.ZodType<T>,
  body: string,
): { ok: true; value: T } | { ok: false; refusal: PlainAnswer } {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return { ok: false, refusal: answer(400, { error: 'The body is not JSON' }) };
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return { ok: true, value: parsed.data };
  return { ok: false, refusal: answer(422, { error: z.prettifyError(parsed.error) }) };
}
