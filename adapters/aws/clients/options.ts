/**
 * How every AWS client talks: a connection in a second and an answer in `requestTimeout` ms (default
 * 5,000), or the attempt is given up and made again, `maxAttempts` (default 3) in all. A function that must answer within
 * seconds asks for less. Without `throwOnRequestTimeout` the SDK only warns and goes on waiting.
 * Connections are kept alive by the SDK's own default. Endpoints, region and credentials follow the
 * SDK's rules (`AWS_ENDPOINT_URL_<SERVICE>`, `AWS_REGION`, …).
 */
export type ClientTimeouts = { readonly requestTimeout?: number; readonly maxAttempts?: number };

export const clientOptions = ({
  requestTimeout = 5_000,
  maxAttempts = 3,
}: ClientTimeouts = {}) => ({
  maxAttempts,
  requestHandler: { connectionTimeout: 1_000, requestTimeout, throwOnRequestTimeout: true },
});
