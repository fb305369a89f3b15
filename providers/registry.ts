import type { RulesOfProviders } from '../domain/outbound/provider-rules.ts';
import type { Provider } from '../domain/provider.ts';
import type { ProviderId } from '../domain/provider-id.ts';
import { scgRules } from './scg/rules.ts';
import { scg } from './scg/scg.ts';
import { twilioRules } from './twilio/rules.ts';
import { twilio } from './twilio/twilio.ts';

/** Every provider, by the name in its route. */
export const providers: Readonly<Record<ProviderId, Provider>> = { twilio, scg };

/** Their rules alone, for functions that send nothing: bundlers leave the rest out, and they start sooner. */
export const providerRules: RulesOfProviders = { twilio: twilioRules, scg: scgRules };
