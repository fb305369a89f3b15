import { type ContentDeps, readyToLookUp, readyToSend } from '../content/ready.ts';
import type { MessageGateway } from './ports.ts';

/**
 * A gateway that is given what can be sent: templates are judged before the provider is called. What has
 * to wait spends no attempt, for nothing was tried.
 */
export const withContent = (gateway: MessageGateway, content: ContentDeps): MessageGateway => ({
  send: async (request, secret, signal, expiresAt) => {
    const ready = await readyToSend(request, secret, signal, content);
    switch (ready.kind) {
      case 'ready':
        return gateway.send(ready.request, secret, signal, expiresAt);
      case 'refused': {
        const { failure, authentication } = ready;
        return { kind: 'rejected', failure, ...(authentication ? { authentication } : {}) };
      }
      case 'wait':
        return { kind: 'throttled', failure: ready.failure, retryAfterSeconds: ready.seconds };
    }
  },
  lookUp: async (request, secret, attempt, signal) =>
    gateway.lookUp(await readyToLookUp(request, content), secret, attempt, signal),
});
