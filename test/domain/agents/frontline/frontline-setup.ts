import { getExpectedTwilioSignature } from 'twilio/lib/webhooks/webhooks.js';
import type { Contact } from '../../../../domain/agents/contacts/contact.ts';
import type { ContactJob } from '../../../../domain/agents/contacts/ports.ts';
import { frontline } from '../../../../domain/agents/frontline/frontline.ts';
import type { HttpAnswer } from '../../../../domain/http.ts';
import type { TenantSecret } from '../../../../domain/tenant/tenant-secret.ts';
import { Unavailable } from '../../../../domain/unavailable.ts';
import { frontlineCallbacks } from '../../../../providers/twilio/agents/frontline.ts';
import { answering } from '../../../builders/answering.ts';
import { anHttpRequest } from '../../../builders/http-request.ts';
import { fakeAgentRecords } from '../../../fakes/agent-records.ts';
import { fakeClock } from '../../../fakes/clock.ts';
import { fakeContactCopy } from '../../../fakes/contact-copy.ts';
import { fakeContactSource } from '../../../fakes/contact-source.ts';
import { fakeConversationsApi } from '../../../fakes/conversations-api.ts';
import { fakeObserve } from '../../../fakes/observe.ts';
import { fakeOptOuts } from '../../../fakes/opt-outs.ts';
import { aTenantSecret, fakeTenantSecrets } from '../../../fakes/tenant-secrets.ts';

const publicUrl = 'https://connector.example';
const token = 'twilio-token-for-tests';

/** A tenant with `contacts` in Airtable and, unless told otherwise, in the copy; and Twilio calling. */
export async function aFrontline(
  contacts: readonly Contact[] = [],
  secret: Partial<TenantSecret> = {},
  options: { readonly copied?: boolean } = {},
) {
  const clock = fakeClock();
  const copy = fakeContactCopy();
  const source = fakeContactSource(contacts);
  const jobs: ContactJob[] = [];
  const optOuts = fakeOptOuts();
  const conversations = fakeConversationsApi();
  const records = fakeAgentRecords();
  const observe = fakeObserve();
  const secrets = fakeTenantSecrets({
    'tenant-a': aTenantSecret({
      airtable_token: 'pat-for-tests',
      airtable_base_id: 'appTests',
      frontline_sms_number: '+12025550100',
      frontline_whatsapp_number: '+12025550101',
      frontline_pool: ['kim', 'lee'],
      ...secret,
    }),
  });
  if (options.copied ?? true) {
    for (const contact of contacts) await copy.put('tenant-a', contact, clock() - 1000);
    await copy.refreshed('tenant-a', clock() - 90_000, true);
  }

  const route = frontline({
    secrets,
    copy,
    sourceOf: () => source,
    isCopied: ({ airtable_token }) => airtable_token !== undefined,
    jobs: { add: async (job) => void jobs.push(job) },
    optOuts,
    conversationsOf: conversations.of,
    records,
    clock,
    observe,
    limit: () => new AbortController().signal,
    numbering: { defaultCountry: 'US' },
    callbacks: frontlineCallbacks({
      secrets,
      publicUrls: [publicUrl],
      observe,
    }),
  });

  /** Calls a callback as Twilio does, signed unless told otherwise. */
  const call = async (
    callback: string,
    fields: Readonly<Record<string, string>>,
    options: { readonly tenantId?: string; readonly signature?: string } = {},
  ): Promise<HttpAnswer> => {
    const tenantId = options.tenantId ?? 'tenant-a';
    const path = `/frontline/${tenantId}/callbacks/${callback}`;
    const signature =
      options.signature ?? getExpectedTwilioSignature(token, `${publicUrl}${path}`, { ...fields });
    try {
      return await answering(route)(
        anHttpRequest({
          method: 'POST',
          path,
          routeKey: 'POST /frontline/{tenantId}/callbacks/{callback}',
          params: { tenantId, callback },
          headers: { 'x-twilio-signature': signature },
          body: new URLSearchParams(fields).toString(),
        }),
      );
    } catch (error) {
      // What the HTTP handler makes of it.
      if (error instanceof Unavailable) return { status: 503, body: error.dependency };
      throw error;
    }
  };
  return { call, clock, copy, source, jobs, optOuts, conversations, records, observe, secrets };
}
