/**
 * Bundled in place of `@aws-sdk/credential-provider-node` (see `alias` in serverless.yml): Lambda puts
 * its role's credentials into the environment, so the other ways to find some (profiles, SSO,
 * instance metadata) are 95 KB that every cold start would read for nothing.
 */
export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';
