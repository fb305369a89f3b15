import * as z from 'zod';
import { type Answered, done } from '../../../domain/agents/answered.ts';
import type { Ask } from './api.ts';
import { firstPage, MAX_PAGES, metaSchema, nextPage } from './paging.ts';
import type { LegacySettings } from './settings.ts';

const flowSchema = z
  .object({
    sid: z.string(),
    chat_service_sid: z.string(),
    contact_identity: z.string().nullish(),
    integration_type: z.string().nullish(),
    long_lived: z.boolean().nullish(),
  })
  .transform((flow) => ({
    sid: flow.sid,
    chatServiceSid: flow.chat_service_sid,
    number: flow.contact_identity,
    integration: flow.integration_type,
    /** The flow reuses one chat channel per contact. */
    longLived: flow.long_lived === true,
  }));
const flowsSchema = z.object({ flex_flows: z.array(flowSchema), meta: metaSchema });

export type FlexFlow = z.infer<typeof flowSchema>;

/** The account's Flex Flows. https://www.twilio.com/docs/flex/developer/messaging/legacy */
export async function flexFlows(
  ask: Ask<LegacySettings>,
  signal: AbortSignal,
): Promise<Answered<readonly FlexFlow[]>> {
  const all: FlexFlow[] = [];
  let query: Record<string, string> | undefined = firstPage;
  for (let page = 0; page < MAX_PAGES && query !== undefined; page++) {
    const at: Record<string, string> = query;
    const answer: Answered<z.infer<typeof flowsSchema>> = await ask(
      (settings) => ({
        method: 'GET',
        base: settings.flex_api_url,
        path: '/v1/FlexFlows',
        query: at,
      }),
      flowsSchema,
      signal,
    );
    if (answer.kind !== 'done') return answer;
    all.push(...answer.value.flex_flows);
    query = nextPage(answer.value.meta);
  }
  return done(all);
}

/** The flow for a number, enabled or not: an outbound flow exists disabled beside an enabled one. */
export async function findFlow(
  integration: 'task' | 'studio',
  number: string,
  ask: Ask<LegacySettings>,
  signal: AbortSignal,
): Promise<Answered<FlexFlow | undefined>> {
  const answer = await flexFlows(ask, signal);
  if (answer.kind !== 'done') return answer;
  return done(
    answer.value.find((flow) => flow.integration === integration && flow.number === number),
  );
}
