import { type Answer, type Exchange, retryAfterSeconds } from '../../domain/exchange.ts';
import type { Injection } from '../../domain/feedback/ports.ts';

/**
 * 403 is what CI360 answers above 700,000 requests in 5 minutes from one address, so it is waited out
 * first; a lasting one means that the token may not inject events.
 * https://communities.sas.com/t5/SAS-Communities-Library/ta-p/973818
 */
const THROTTLED_SECONDS = 60;

/** The outcome of one exchange with the event gateway. */
export function injectionOf(exchange: Exchange, now: number): Injection {
  switch (exchange.kind) {
    case 'answer':
      return answered(exchange, now);
    case 'not-written':
    case 'unanswered':
      return {
        kind: 'retry',
        failure: {
          class: 'transient',
          code: 'ci360-unreachable',
          message: 'The CI360 event gateway did not answer.',
          advice: 'Check that CI360 is up and that ci360_api_url is right; then replay.',
        },
      };
    case 'invalid':
      return {
        kind: 'rejected',
        failure: {
          class: 'config',
          code: 'ci360-token-invalid',
          message: 'ci360_token cannot be put into a header.',
          advice: 'Mend ci360_token in the secret of the tenant, then replay.',
        },
      };
  }
}

function answered(answer: Answer, now: number): Injection {
  const { status } = answer;
  // What a success looks like is not documented, so its body is not looked at.
  if (status >= 200 && status < 300) return { kind: 'accepted' };
  const retryAfter = retryAfterSeconds(answer, now);
  const wait = retryAfter === undefined ? {} : { retryAfterSeconds: retryAfter };
  const base = { code: `ci360-${status}`, httpStatus: status };

  if (status === 403) {
    return {
      kind: 'retry',
      retryAfterSeconds: retryAfter ?? THROTTLED_SECONDS,
      failure: {
        ...base,
        class: 'config',
        message: 'CI360 refuses events: too many of them, or a token that may not inject.',
        advice:
          'If it lasts, renew ci360_token with a general access point of the tenant; then replay.',
      },
    };
  }
  if (status === 429 || status === 408 || status >= 500) {
    return {
      kind: 'retry',
      ...wait,
      failure: {
        ...base,
        class: 'transient',
        message: 'CI360 could not take the event.',
        advice: 'Replay once CI360 is up again.',
      },
    };
  }
  if (status === 401) {
    return {
      kind: 'rejected',
      authentication: true,
      failure: {
        ...base,
        class: 'config',
        message: 'CI360 does not accept the token.',
        advice: 'Renew ci360_token, or ci360_tenant_id and ci360_client_secret; then replay.',
      },
    };
  }
  return {
    kind: 'rejected',
    failure: {
      ...base,
      class: 'config',
      message: 'CI360 refused the event.',
      advice:
        'Check ci360_api_url, and that the external event and its attributes are defined in CI360; then replay.',
    },
  };
}
