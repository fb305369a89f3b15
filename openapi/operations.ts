import { flexOperations, frontlineOperations } from './agents.ts';
import { ingressOperations } from './ingress.ts';
import type { Operation } from './operation.ts';
import { operatorOperations } from './operator.ts';
import { serviceOperations } from './service.ts';
import { webhookOperations } from './webhooks.ts';

/** Every operation of the service. */
export const operations: readonly Operation[] = [
  ...ingressOperations,
  ...operatorOperations,
  ...webhookOperations,
  ...flexOperations,
  ...frontlineOperations,
  ...serviceOperations,
];
