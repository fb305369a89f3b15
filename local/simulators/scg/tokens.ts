import { randomBytes } from 'node:crypto';
import { answer, type PlainAnswer } from '../simulator.ts';
import type { ScgApplication } from './applications.ts';

/** Which access tokens are good. A token that begins with `expired` never is. */
export function createTokens(applications: () => readonly ScgApplication[]) {
  const expired = new Set<string>();
  const refreshed = new Map<string, string>();

  const applicationOf = (token: string): ScgApplication | undefined => {
    const tenantId = refreshed.get(token);
    return applications().find((each) =>
      tenantId === undefined ? each.accessToken === token : each.tenantId === tenantId,
    );
  };

  return {
    applicationOf,
    isExpired: (token: string): boolean => token.startsWith('expired') || expired.has(token),
    expire: (token: string): void => void expired.add(token),
    /** `GET …/apptoken-refresh`: a new token; the old one is invalid at once. */
    refresh: (query: URLSearchParams): PlainAnswer => {
      for (const name of ['consumerkey', 'consumersecret', 'oldtoken'])
        if (!query.get(name))
          return answer(400, {
            errorCode: 1,
            moreInfo: `${name} parameter required`,
            userMsg: name,
          });
      const old = query.get('oldtoken') ?? '';
      const application = applicationOf(old);
      if (!application)
        return answer(400, {
          errorCode: 2,
          moreInfo: 'oldtoken is not valid',
          userMsg: 'oldtoken',
        });
      const accessToken = randomBytes(24).toString('base64url');
      expired.add(old);
      refreshed.set(accessToken, application.tenantId);
      return answer(200, { accessToken, validityTime: Number(query.get('validity') ?? 3600) });
    },
  };
}
