import { afterEach, describe, expect, test } from 'vitest';
import { twilioTemplates } from '../../../providers/twilio/content.ts';
import { BUILT_AT } from '../../builders/message-request.ts';
import {
  type Received,
  type Scripted,
  type ScriptedServer,
  scriptedServer,
} from '../../builders/scripted-server.ts';
import { http } from '../../support/http.ts';

let server: ScriptedServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const signIn = { twilio_account_sid: 'AC-one', twilio_auth_token: 'token' };
const content = {
  sid: `HX${'1'.repeat(32)}`,
  friendly_name: 'spring_sale',
  language: 'en',
  variables: { '1': 'Ann' },
  types: { 'twilio/text': { body: 'Hello {{1}}, until {{2}}' } },
  approval_requests: { status: 'approved', category: 'MARKETING', rejection_reason: '' },
};

async function list(script: (request: Received) => Scripted) {
  server = await scriptedServer(script);
  const source = twilioTemplates({ http, clock: () => BUILT_AT });
  const secret = { ...signIn, twilio_content_api_url: `${server.url}/region` };
  return source(secret, new AbortController().signal);
}

describe('the templates of an account', () => {
  test('are read page by page, from the address in the secret whatever a link says', async () => {
    const answer = await list(({ url }) =>
      url.searchParams.get('PageToken') === 'two'
        ? {
            status: 200,
            body: { contents: [{ ...content, sid: 'HX2' }], meta: { next_page_url: null } },
          }
        : {
            status: 200,
            body: {
              contents: [content],
              meta: {
                next_page_url:
                  'https://elsewhere.example/v2/ContentAndApprovals?PageSize=500&PageToken=two',
              },
            },
          },
    );
    expect(answer).toMatchObject({
      kind: 'templates',
      templates: [
        {
          sid: content.sid,
          name: 'spring_sale',
          language: 'en',
          type: 'twilio/text',
          text: 'Hello {{1}}, until {{2}}',
          // A placeholder without a sample is a variable too.
          variables: ['1', '2'],
          category: 'MARKETING',
          status: 'approved',
        },
        { sid: 'HX2' },
      ],
    });
    expect(server?.received.map(({ url }) => url.pathname)).toEqual([
      '/region/v2/ContentAndApprovals',
      '/region/v2/ContentAndApprovals',
    ]);
  });

  test('that were never submitted have no approval, and a reason stands beside a rejection', async () => {
    const answer = await list(() => ({
      status: 200,
      body: {
        contents: [
          { ...content, approval_requests: {} },
          {
            ...content,
            approval_requests: { whatsapp: { status: 'rejected', rejection_reason: 'SPAM' } },
          },
        ],
      },
    }));
    expect(answer).toMatchObject({
      templates: [{ status: 'unsubmitted' }, { status: 'rejected', reason: 'SPAM' }],
    });
  });

  test.each([
    [{ status: 503 }, 'transient', 'templates-unavailable'],
    [{ status: 200, body: '<html>' }, 'transient', 'templates-unavailable'],
    ['reset', 'transient', 'templates-unavailable'],
    [{ status: 401, body: { code: 20003 } }, 'config', '20003'],
  ] as const)('cannot be had where the answer is %j', async (script, failureClass, code) => {
    expect(await list(() => script)).toMatchObject({
      kind: 'unavailable',
      failure: { class: failureClass, code },
    });
  });
});
