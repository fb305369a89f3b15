import { sqsClient } from '../../../adapters/aws/clients/sqs.ts';
import { outboundQueue } from '../../../adapters/aws/outbound-queue.ts';
import { acceptEvent } from '../../../domain/outbound/accept.ts';
import { numberingCountry } from '../../../domain/outbound/address.ts';
import { ConfigError, readConfig } from '../config.ts';
import type { HttpRoute } from '../http.ts';
import type { Observation } from '../observe.ts';
import { promptly, wireSecrets } from '../secrets.ts';

export function wireIngress(observe: Observation): HttpRoute {
  const config = readConfig(process.env);
  const { default_country: country } = config;
  const defaultCountry = country === undefined ? undefined : numberingCountry(country);
  if (country !== undefined && defaultCountry === undefined) {
    throw new ConfigError('default_country: is not a country that has telephone numbers.');
  }
  return acceptEvent({
    ...wireSecrets(config, observe),
    queue: outboundQueue(sqsClient(promptly), config.outbound_queue_url),
    settings: { ...config, defaultCountry },
    clock: Date.now,
    observe,
  });
}
