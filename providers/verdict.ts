import { describe, type ErrorRow, type ErrorTable } from '../domain/delivery/error-table.ts';
import type { LookUp, Outcome } from '../domain/delivery/outcome.ts';
import type { Answer, Exchange } from '../domain/exchange.ts';

/** Why a provider did not take a message, or could not be asked about one. */
export type Verdict = {
  readonly row: ErrorRow;
  readonly code: string;
  readonly httpStatus?: number;
  readonly retryAfterSeconds?: number | undefined;
  /** The credentials were refused: the call may succeed with a secret that was rotated a moment ago. */
  readonly authentication?: boolean;
};

export function toOutcome(verdict: Verdict): Outcome {
  const { row, code, httpStatus, retryAfterSeconds, authentication } = verdict;
  const failure = describe(row, code, httpStatus);
  const wait = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  switch (row.class) {
    case 'throttled':
      return {
        kind: 'throttled',
        failure,
        ...wait,
        ...(row.scope === undefined ? {} : { scope: row.scope }),
      };
    case 'transient':
      return { kind: 'transient', failure, ...wait };
    case 'unknown':
      return { kind: 'unknown', failure };
    case 'permanent':
    case 'config':
    case 'opted-out':
      return {
        kind: 'rejected',
        failure: { ...failure, class: row.class },
        ...(authentication ? { authentication } : {}),
      };
  }
}

type NotAsked = Extract<LookUp, { kind: 'unavailable' }>;

/** Why a look-up has no answer. The operator can only fix what is wrong with the set-up, such as the credentials. */
export function toUnavailable(verdict: Verdict, provider: string): NotAsked {
  const { row, code, httpStatus, authentication } = verdict;
  const failure = describe(row, code, httpStatus);
  return {
    kind: 'unavailable',
    failure:
      row.class === 'config'
        ? failure
        : {
            ...failure,
            class: 'unknown',
            message: `${provider} could not be asked whether it has the message.`,
            advice: lookFirst(provider),
          },
    ...(authentication ? { authentication } : {}),
  };
}

const lookFirst = (provider: string): string =>
  `Look for the message in ${provider}’s console before you replay.`;

/** The provider answered, and the answer does not say whether it has the message. */
export const inconclusive = (provider: string): NotAsked => ({
  kind: 'unavailable',
  failure: {
    class: 'unknown',
    code: 'look-up-inconclusive',
    message: `${provider} was asked for the message, and its answer does not say whether it has it.`,
    advice: lookFirst(provider),
  },
});

/** A key that the provider needs is not in the secret. */
export const secretIncomplete = (key: string): Verdict => ({
  code: 'secret-incomplete',
  row: {
    class: 'config',
    meaning: `The tenant’s secret has no ${key}.`,
    advice: `Add ${key} to the tenant’s secret, then replay.`,
  },
});

/** No answer: the line between `transient` and `unknown` is whether the request was written. */
export function verdictOfSilence(exchange: Exclude<Exchange, Answer>, provider: string): Verdict {
  switch (exchange.kind) {
    case 'not-written':
      return {
        code: 'provider-unreachable',
        row: {
          class: 'transient',
          meaning: `${provider} could not be reached; the message did not leave.`,
          advice: `Check the address in the tenant’s secret and ${provider}’s status, then replay.`,
        },
      };
    case 'unanswered':
      return {
        code: 'no-answer',
        row: {
          class: 'unknown',
          meaning: `${provider} was given the message and did not answer.`,
          advice: lookFirst(provider),
        },
      };
    case 'invalid':
      return {
        code: 'secret-unusable',
        row: {
          class: 'config',
          meaning: `The credentials or the address of ${provider} cannot be put into a request.`,
          advice: 'Look for stray line breaks and characters in the tenant’s secret, then replay.',
        },
      };
  }
}

/** An error by its code, or by its HTTP status: a proxy’s body is not JSON, and a code may be new. */
export function verdictOfError(
  answer: Answer,
  code: string | undefined,
  tableKey: string | undefined,
  table: ErrorTable,
  provider: string,
): Verdict {
  const known =
    tableKey !== undefined && Object.hasOwn(table, tableKey) ? table[tableKey] : undefined;
  return {
    row: known ?? rowByStatus(answer.status, provider),
    code: code ?? (isSuccess(answer.status) ? 'answer-unreadable' : `http-${answer.status}`),
    httpStatus: answer.status,
  };
}

const isSuccess = (status: number): boolean => status >= 200 && status < 300;

/**
 * What an HTTP status means on its own. An unknown refusal is `config` and not `permanent`: whether the message
 * or the set-up is at fault is not known, a replay may help, and its canary limits the cost if not.
 */
function rowByStatus(status: number, provider: string): ErrorRow {
  const said = `${provider} answered with HTTP status ${status}`;
  // A success without the message's id: it was taken, and only a look-up can tell as what.
  if (isSuccess(status)) {
    return {
      class: 'unknown',
      meaning: `${provider} took the message and its answer could not be read.`,
      advice: lookFirst(provider),
    };
  }
  if (status === 429) {
    return {
      class: 'throttled',
      meaning: `${provider} asked to slow down.`,
      advice: 'It is sent again automatically; lower worker_concurrency if this persists.',
    };
  }
  if (status >= 500 || status === 408) {
    return { class: 'unknown', meaning: `${said}: it failed.`, advice: lookFirst(provider) };
  }
  if (status >= 300 && status < 400) {
    return {
      class: 'config',
      meaning: `${said}: its address has moved.`,
      advice: 'Correct the provider’s address in the tenant’s secret, then replay.',
    };
  }
  if ([401, 402, 403, 404].includes(status)) {
    return {
      class: 'config',
      meaning: `${said}: the account, its credentials or its rights do not fit.`,
      advice: 'Check the tenant’s secret and the provider account, then replay.',
    };
  }
  return {
    class: 'config',
    meaning: `${said}: it refused the request with a reason that is not known here.`,
    advice: `Look the code up in ${provider}’s documentation and fix the cause, then replay with a canary.`,
  };
}
