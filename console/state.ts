import { signal } from '@preact/signals';
import type { AccessAnswer } from '../domain/operator/answers/access.ts';
import { type Api, apiClient, Problem } from './client.ts';
import { type Place, placeOf } from './router.ts';

export type Role = AccessAnswer['roles'][number];

/** Who is signed in. It is in memory only: a reload asks for the key again. */
export type Session = {
  readonly api: Api;
  readonly caller: string;
  readonly roles: readonly Role[];
  readonly tenantId: string;
};

export const session = signal<Session | undefined>(undefined);
/** Why the sign-in form is shown, where there is something to say. */
export const signedOutBecause = signal<string | undefined>(undefined);
export const place = signal<Place>(placeOf(location.hash));
/** What happened last, for screen readers and at the foot of the page. */
export const announcement = signal('');

addEventListener('hashchange', () => {
  place.value = placeOf(location.hash);
});

export function signOut(because?: string): void {
  session.value = undefined;
  signedOutBecause.value = because;
}

/** The service is where the page is from. */
const base = new URL('.', location.href).href;

/** Thrown when the key is for several tenants and none was named. */
export class TenantNeeded extends Error {}

/** Signs in with a key. Throws Problem or TenantNeeded. */
export async function signIn(key: string, named: string): Promise<void> {
  const options = { base, key, fetch: (url: string, init: RequestInit) => fetch(url, init) };
  const asked = apiClient({ ...options, tenantId: named === '' ? undefined : named });
  const access = await asked.get<AccessAnswer>('/access');
  if (access.tenantId === null) throw new TenantNeeded();
  const onUnauthorized = () =>
    signOut('The service does not accept the key any more. Sign in again; nothing is lost.');
  session.value = {
    api: apiClient({ ...options, tenantId: access.tenantId, onUnauthorized }),
    caller: access.caller,
    roles: access.roles,
    tenantId: access.tenantId,
  };
  signedOutBecause.value = undefined;
}

/** The session of a page that is shown only to those who signed in. */
export function useSession(): Session {
  if (session.value === undefined) throw new Problem(401, 'UNAUTHORIZED', 'Nobody is signed in.');
  return session.value;
}

export const may = (role: Role): boolean => session.value?.roles.includes(role) ?? false;
