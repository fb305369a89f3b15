import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FunctionHost, hostFunction } from '../../local/runner/function-host.ts';
import { serviceDir } from '../../local/stack.ts';

let logsDir: string;
let host: FunctionHost;

function hosting(file = 'behave', timeoutSeconds = 30) {
  const resource = {
    key: file,
    name: `service-local-${file}`,
    arn: `arn:${file}`,
    handler: { file: `test/local/fixtures/${file}`, export: 'handler' },
    timeoutSeconds,
    memoryMegabytes: 128,
    environment: { setting: 'from the template', AWS_REGION: 'us-east-1' },
  };
  host = hostFunction(resource, {
    serviceDir,
    logsDir,
    environment: Promise.resolve({ setting: 'from the stack' }),
  });
  return host;
}

beforeEach(async () => {
  logsDir = await mkdtemp(join(tmpdir(), 'function-host-'));
});
afterEach(async () => {
  await host.close();
  await rm(logsDir, { recursive: true });
});

describe('a hosted function', () => {
  it('answers through JSON, with its own environment', async () => {
    const { invoke } = hosting();
    expect(await invoke({ do: 'answer', value: new Date(0) })).toEqual({
      value: '1970-01-01T00:00:00.000Z',
      env: 'from the stack',
    });
    expect(await invoke({ do: 'nothing' })).toBeNull();
  });

  it('knows its name and the time left, and nothing of the launching process', async () => {
    const { invoke } = hosting();
    const context = await invoke({ do: 'context' });
    expect(context).toMatchObject({ name: 'service-local-behave', lambda: 'service-local-behave' });
    expect(context).not.toHaveProperty('inherited');
    expect(context).toHaveProperty(
      'left',
      expect.toSatisfy((ms) => ms > 0 && ms <= 30_000),
    );
  });

  it('stays warm between invocations, and starts cold once killed', async () => {
    const { invoke, kill } = hosting();
    expect([await invoke({ do: 'count' }), await invoke({ do: 'count' })]).toEqual([1, 2]);
    await kill();
    expect(await invoke({ do: 'count' })).toBe(1);
  });

  it('survives an error that its handler throws', async () => {
    const { invoke } = hosting();
    await expect(invoke({ do: 'throw' })).rejects.toMatchObject({
      errorType: 'TypeError',
      message: 'as asked',
    });
    expect(await invoke({ do: 'count' })).toBe(2);
  });

  it.each(['exit', 'reject'])(
    'that crashes (%s) fails what it was doing and starts cold',
    async (how) => {
      const { invoke } = hosting();
      const other = invoke({ do: 'hang' });
      const crash = { errorType: 'Runtime.ExitError' };
      await Promise.all([
        expect(other).rejects.toMatchObject(crash),
        expect(invoke({ do: how })).rejects.toMatchObject(crash),
      ]);
      expect(await invoke({ do: 'count' })).toBe(1);
    },
  );

  it.each(['hang', 'spin'])('that takes too long (%s) is ended', async (how) => {
    const { invoke } = hosting('behave', 1);
    await expect(invoke({ do: how })).rejects.toMatchObject({ errorType: 'Sandbox.Timedout' });
    expect(await invoke({ do: 'count' })).toBe(1);
  });

  it('that cannot be loaded fails every invocation, and is loaded anew for the next', async () => {
    const { invoke } = hosting('unloadable');
    const failure = { errorType: 'Error', message: 'cannot be loaded' };
    await expect(invoke({})).rejects.toMatchObject(failure);
    await expect(invoke({})).rejects.toMatchObject(failure);
  });

  it('writes to its own log', async () => {
    const { invoke, close } = hosting();
    await invoke({ do: 'nothing' });
    await close();
    expect(await readFile(join(logsDir, 'behave.log'), 'utf8')).toContain('doing nothing');
  });
});
