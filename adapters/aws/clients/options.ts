/**
 * How every AWS client talks: a connection in a second and an answer in five, or the attempt is given
 * up and made again, three in all. Without `throwOnRequestTimeout` the SDK only warns and goes on waiting.
 * Connections are kept alive by the SDK's own default. Endpoints, region and credentials follow the SDK's
 * rules (`AWS_ENDPOINT_URL_<SERVICE>`, `AWS_REGION`, …).
 */
export const clientOptions = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
};
