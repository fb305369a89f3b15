import { createRequire } from 'node:module';
import { compileFunction } from 'node:vm';
import { type BuildOptions, build } from 'esbuild';
import { expect, test } from 'vitest';
import type { MessageGateway } from '../../../domain/delivery/ports.ts';
import { aMessageRequest } from '../../builders/message-request.ts';
import { scriptedServer } from '../../builders/scripted-server.ts';
import { fakeObserve } from '../../fakes/observe.ts';
import { http } from '../../support/http.ts';

/** KB of 1000 bytes: the gateway with what it needs of `twilio`, without zod, which all functions have. */
const LIMIT = 70;

async function bundle(options: BuildOptions = {}) {
  const { outputFiles, metafile } = await build({
    entryPoints: ['providers/twilio/gateway.ts'],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'cjs',
    target: 'node24',
    mainFields: ['module', 'main'],
    ...options,
  });
  return { code: outputFiles?.[0]?.text ?? '', inputs: Object.keys(metafile?.inputs ?? {}) };
}

test('the gateway takes only the parts it needs of the twilio package', async () => {
  const { code, inputs } = await bundle({ external: ['zod'] });
  const whole = /node_modules\/(axios|twilio\/lib\/(index|rest\/Twilio|base\/RequestClient)\.js)/;
  expect(inputs.filter((file) => whole.test(file))).toEqual([]);
  expect(Buffer.byteLength(code) / 1000).toBeLessThan(LIMIT);
});

test('the bundled gateway sends', async () => {
  const { code } = await bundle();
  const bundled: { exports: { twilioGateway?: (options: object) => MessageGateway } } = {
    exports: {},
  };
  const load = compileFunction(code, ['module', 'exports', 'require']);
  load(bundled, bundled.exports, createRequire(import.meta.url));
  const server = await scriptedServer(() => ({ status: 201, body: { sid: 'SM1' } }));
  const gateway = bundled.exports.twilioGateway?.({
    publicUrl: 'https://connector.example.com',
    clock: Date.now,
    http,
    observe: fakeObserve(),
  });
  const secret = {
    twilio_api_url: server.url,
    twilio_account_sid: 'AC-one',
    twilio_auth_token: 'token',
  };
  const outcome = await gateway?.send(aMessageRequest(), secret, new AbortController().signal);
  expect(outcome).toEqual({ kind: 'accepted', providerMessageId: 'SM1' });
  await server.close();
});
