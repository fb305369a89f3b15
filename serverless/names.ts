import { createHash } from 'node:crypto';

/** IAM takes no longer name for a role. */
const LONGEST_ROLE_NAME = 64;
const DIGEST = 8;

/**
 * The name of a function's role. One that would be too long, because of a long stage or region, is cut
 * and ends with a digest of the whole, so that no two are the same.
 */
export function roleName(parts: {
  readonly service: string;
  readonly stage: string;
  readonly functionName: string;
  readonly region: string;
}): string {
  const { service, stage, functionName, region } = parts;
  const whole = `${service}-${stage}-${functionName}-${region}-lambdaRole`;
  if (whole.length <= LONGEST_ROLE_NAME) return whole;
  const digest = createHash('sha256').update(whole).digest('hex').slice(0, DIGEST);
  return `${whole.slice(0, LONGEST_ROLE_NAME - DIGEST - 1)}-${digest}`;
}
