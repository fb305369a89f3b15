import { hostFunction } from '../../local/runner/function-host.ts';
import { startHttpApi } from '../../local/runner/http-api.ts';
import { type Stack, serviceDir } from '../../local/stack.ts';

/** Runs the direct connector as the stack runs its functions, beside it and with its secrets. */
export async function hostDirectConnector(
  stack: Stack,
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const arn = 'direct-connector';
  const host = hostFunction(
    {
      key: arn,
      name: arn,
      arn,
      handler: { file: 'bench/direct-connector', export: 'handler' },
      timeoutSeconds: 30,
      memoryMegabytes: 512,
      environment: {},
    },
    {
      serviceDir,
      logsDir: stack.logsDir,
      environment: Promise.resolve({ ...stack.settings, ...stack.awsEnv }),
    },
  );
  const api = await startHttpApi(0);
  api.serve(
    [{ routeKey: 'POST /twilio/messages', functionArn: arn, timeoutMs: 30_000 }],
    undefined,
    (_, event) => host.invoke(event),
  );
  return {
    url: api.url,
    close: async () => {
      await api.close();
      await host.close();
    },
  };
}
