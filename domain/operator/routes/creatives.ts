import * as z from 'zod';
import { type CreativeCheck, checkCreative } from '../../content/check.ts';
import { providerIdSchema } from '../../provider-id.ts';
import { creativeCheckAnswer } from '../answers/creatives.ts';
import { viewOfCheck } from '../creative-view.ts';
import { checkedTenant, tenantField } from '../fields.ts';
import { type Call, ok, type Route, route } from '../route.ts';

/** CI360's creatives are a few KB. */
const LONGEST_CREATIVE = 64 * 1024;
const MOST_SAMPLES = 100;

const value = z
  .union([z.string(), z.number(), z.boolean(), z.null()])
  .transform((given) => String(given ?? ''));

/** The copy of the catalogue; read only where a template is named. */
const catalogueFor = ({ first }: CreativeCheck, tenantId: string, { deps }: Call) =>
  first?.request.template === undefined
    ? { syncedAt: 0, templates: [] }
    : deps.templates.catalogue.cached(tenantId);

const check = route({
  method: 'POST',
  path: '/creatives/check',
  role: 'viewer',
  alsoFor: 'connector',
  summary: 'Shows what a creative becomes, and what is wrong with it; sends and stores nothing',
  request: z.object({
    body: z.strictObject({
      tenantId: tenantField,
      provider: providerIdSchema,
      creative: z.string().max(LONGEST_CREATIVE, 'is longer than 65,536 characters'),
      sample: z
        .array(z.record(z.string(), value))
        .max(MOST_SAMPLES, `has more than ${MOST_SAMPLES} entries`)
        .default([]),
    }),
  }),
  answers: { 200: creativeCheckAnswer },
  refusals: [404, 422],
  handle: async ({ body }, call) => {
    const tenantId = await checkedTenant(body.tenantId, call);
    const { check: settings, clock } = call.deps;
    const { provider, creative, sample: samples } = body;
    const found = checkCreative({ tenantId, provider, creative, samples }, settings, clock());
    const { currency, compose } = settings;
    const { providers } = compose;
    const catalogue = await catalogueFor(found, tenantId, call);
    return ok(viewOfCheck(found, { tenantId, provider, currency, providers, catalogue }));
  },
});

export const creativeRoutes: readonly Route[] = [check];
