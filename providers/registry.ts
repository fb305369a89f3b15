import type { Provider } from '../domain/provider.ts';
import type { ProviderId } from '../domain/provider-id.ts';
import { scg } from './scg/scg.ts';
import { twilio } from './twilio/twilio.ts';

/** Every provider, by the name in its route. */
export const providers: Readonly<Record<ProviderId, Provider>> = { twilio, scg };
