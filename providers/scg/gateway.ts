import type { LookUp, Outcome } from '../../domain/delivery/outcome.ts';
import type { MessageGateway } from '../../domain/delivery/ports.ts';
import type { MessageGatewayDeps } from '../../domain/provider.ts';
import { secretIncomplete, toOutcome, toUnavailable } from '../verdict.ts';
import { scgAccount } from './account.ts';
import { acceptedId, scgVerdict } from './answer.ts';
import { lookUpScg } from './look-up.ts';
import { toScgMessage } from './message.ts';

/** Sends over the Syniverse Communication Gateway. https://sdcdocumentation.syniverse.com */
export function scgGateway({
  clock,
  observe,
  http,
  directives = 'escape',
}: Omit<MessageGatewayDeps, 'publicUrl'>): MessageGateway {
  return {
    send: async (request, secret, signal): Promise<Outcome> => {
      const account = scgAccount(secret);
      if ('missing' in account) return toOutcome(secretIncomplete(account.missing));
      const exchange = await http(
        {
          method: 'POST',
          url: account.requestsUrl,
          headers: {
            authorization: account.authorization,
            'content-type': 'application/json; charset=utf-8',
          },
          body: JSON.stringify(toScgMessage(request, directives)),
        },
        signal,
      );
      const id = acceptedId(exchange);
      if (id !== undefined) return { kind: 'accepted', providerMessageId: id };
      const verdict = scgVerdict(exchange, clock());
      observe.info('Syniverse did not accept the message', {
        tenantId: request.tenantId,
        guid: request.guid,
        code: verdict.code,
        ...(exchange.kind === 'answer' ? { status: exchange.status } : { error: exchange.code }),
      });
      return toOutcome(verdict);
    },

    lookUp: async (request, secret, window, signal): Promise<LookUp> => {
      const account = scgAccount(secret);
      if ('missing' in account)
        return toUnavailable(secretIncomplete(account.missing), 'Syniverse');
      const ask = (params: Readonly<Record<string, string>>) => {
        const url = new URL(account.requestsUrl);
        url.search = new URLSearchParams(params).toString();
        const headers = { authorization: account.authorization };
        return http({ method: 'GET', url, headers }, signal);
      };
      return lookUpScg(ask, toScgMessage(request, directives), window, clock);
    },
  };
}
