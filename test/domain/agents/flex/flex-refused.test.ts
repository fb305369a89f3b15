import { describe, expect, it } from 'vitest';
import { failedStep, flexAnswer } from '../../../../domain/agents/flex/flex-refused.ts';

describe('the answer to a step that was not done', () => {
  it.each([
    [{ kind: 'busy', code: 'ECONNREFUSED', retryAfterSeconds: 5 }, 'unavailable'],
    [{ kind: 'unknown', code: 'ECONNRESET' }, 'no-answer'],
    [{ kind: 'unknown', code: 'ABORT_ERR' }, 'no-answer'],
    [{ kind: 'refused', status: 500, code: 'ERR_INVALID_URL' }, 'not-callable'],
    [{ kind: 'unknown', code: '503' }, '503'],
    [{ kind: 'refused', status: 400, code: '21211' }, '21211'],
    [{ kind: 'refused', status: 500, code: 'secret-incomplete' }, 'secret-incomplete'],
  ] as const)('to %j has the code %s, and none of the network layer', (why, code) => {
    expect(flexAnswer(failedStep('Failed', why)).body).toMatchObject({ code });
  });
});
