import * as z from 'zod';
import { type Command, commandCampaign } from '../../campaigns/command.ts';
import { controlledAnswer } from '../answers/campaigns.ts';
import { viewOfControlled } from '../campaigns.ts';
import { checkedTenant, tenantField } from '../fields.ts';
import { ok, type Route, route } from '../route.ts';

/** A task's id or code, or `*`; without control characters, which no task has. */
const taskField = z
  .string()
  .trim()
  .regex(/^[^\p{Cc}]{1,256}$/u, 'is a task id or code of up to 256 characters, or *');

const commanding = (command: Command, summary: string) =>
  route({
    method: 'POST',
    path: `/campaigns/{taskId}/${command}`,
    role: 'operator',
    summary,
    request: z.object({
      params: z.object({ taskId: taskField }),
      body: z.strictObject({
        tenantId: tenantField,
        /** For those who look at the campaign later. */
        reason: z.string().trim().max(256, 'is longer than 256 characters').default(''),
      }),
    }),
    answers: { 200: controlledAnswer },
    refusals: [404, 422],
    handle: async ({ params: { taskId }, body }, call) => {
      const { caller, deps } = call;
      const tenantId = await checkedTenant(body.tenantId, call);
      const about = { tenantId, taskId, by: caller.name, reason: body.reason };
      const control = await commandCampaign(command, about, deps);
      deps.observe.warn('a campaign was controlled', {
        tenantId,
        status: control.state,
        caller: caller.name,
      });
      return ok(await viewOfControlled(tenantId, taskId, deps));
    },
  });

export const campaignRoutes: readonly Route[] = [
  commanding('hold', 'Holds a campaign, or with * all of a tenant: within 10 s nothing new leaves'),
  commanding('resume', 'Resumes a campaign and puts what was on hold back on the queue'),
  commanding('stop', 'Stops a campaign: what has not left is kept for a replay'),
];
