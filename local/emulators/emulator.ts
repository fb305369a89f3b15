/** A stand-in for an AWS service, listening on 127.0.0.1. */
export type Emulator = {
  /** What `AWS_ENDPOINT_URL_<SERVICE>` is set to. */
  readonly url: string;
  readonly close: () => Promise<void>;
};

/** The services that the product talks to, by the suffix of their `AWS_ENDPOINT_URL_` variable. */
const services = ['SQS', 'DYNAMODB', 'SECRETS_MANAGER', 'SFN'] as const;
export type Service = (typeof services)[number];

/**
 * The endpoint of the user's own that replaces an embedded emulator, by the SDK's own rules:
 * `AWS_ENDPOINT_URL_<SERVICE>`, else `AWS_ENDPOINT_URL`. Step Functions only by its own variable: the
 * tasks of the state machines are functions of this process, which another server cannot invoke.
 */
export function ownEndpoint(
  service: Service,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const shared = service === 'SFN' ? undefined : env.AWS_ENDPOINT_URL;
  const url = env[`AWS_ENDPOINT_URL_${service}`] || shared;
  return url === undefined || url === '' ? undefined : url;
}

/** An endpoint of the user's own is used and left alone. */
export const external = (url: string): Emulator => ({ url, close: async () => {} });
