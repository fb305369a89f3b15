import { agentRecordsContract } from '../contracts/agent-records.contract.ts';
import { answerLogContract } from '../contracts/answer-log.contract.ts';
import { contactCopyContract } from '../contracts/contact-copy.contract.ts';
import { controlsContract } from '../contracts/controls.contract.ts';
import { deadLettersContract } from '../contracts/dead-letters.contract.ts';
import { deliveriesContract } from '../contracts/deliveries.contract.ts';
import { failedRequestsContract } from '../contracts/failed-requests.contract.ts';
import { heldMessagesContract } from '../contracts/held-messages.contract.ts';
import { identitiesContract } from '../contracts/identities.contract.ts';
import { messageOwnersContract } from '../contracts/message-owners.contract.ts';
import { openDeliveriesContract } from '../contracts/open-deliveries.contract.ts';
import { optOutRegisterContract } from '../contracts/opt-out-register.contract.ts';
import { optOutsContract } from '../contracts/opt-outs.contract.ts';
import { outboundQueueContract } from '../contracts/outbound-queue.contract.ts';
import { pacesContract } from '../contracts/paces.contract.ts';
import { releaseRunsContract } from '../contracts/release-runs.contract.ts';
import { replayOutcomesContract, replaysContract } from '../contracts/replays.contract.ts';
import { replyLogContract } from '../contracts/reply-log.contract.ts';
import { sharedScheduleContract } from '../contracts/shared-schedule.contract.ts';
import { tenantSecretsContract } from '../contracts/tenant-secrets.contract.ts';
import { verdictFactsContract } from '../contracts/verdict-facts.contract.ts';
import { waitingDeliveriesContract } from '../contracts/waiting-deliveries.contract.ts';
import { fakeAgentRecords } from './agent-records.ts';
import { fakeAnswerLog } from './answer-log.ts';
import { fakeContactCopy } from './contact-copy.ts';
import { fakeControls } from './controls.ts';
import { fakeDeadLetters } from './dead-letters.ts';
import { fakeDeliveries } from './deliveries.ts';
import { fakeFailedRequests } from './failed-requests.ts';
import { fakeHeldMessages } from './held-messages.ts';
import { fakeIdentities } from './identities.ts';
import { fakeMessageOwners } from './message-owners.ts';
import { fakeOpenDeliveries } from './open-deliveries.ts';
import { fakeOptOuts } from './opt-outs.ts';
import { fakeOutboundQueue } from './outbound-queue.ts';
import { fakePaces } from './paces.ts';
import { fakeReleaseRuns } from './release-runs.ts';
import { fakeReplayOutcomes, fakeReplays } from './replays.ts';
import { fakeReplyLog } from './reply-log.ts';
import { fakeSharedSchedule } from './shared-schedule.ts';
import { fakeTenantSecrets } from './tenant-secrets.ts';
import { fakeVerdictFacts } from './verdict-facts.ts';
import { fakeWaitingDeliveries } from './waiting-deliveries.ts';

agentRecordsContract('the fake', async () => fakeAgentRecords());
contactCopyContract('the fake', async () => fakeContactCopy());
deliveriesContract('the fake', async () => fakeDeliveries());
failedRequestsContract('the fake', async () => fakeFailedRequests());
optOutsContract('the fake', async (rules) => fakeOptOuts(rules));
optOutRegisterContract('the fake', async () => fakeOptOuts());
openDeliveriesContract('the fake', async () => {
  const deliveries = fakeDeliveries();
  return { deliveries, open: fakeOpenDeliveries(deliveries.all) };
});
messageOwnersContract('the fake', async () => {
  const deliveries = fakeDeliveries();
  return { deliveries, owners: fakeMessageOwners(deliveries.all) };
});
waitingDeliveriesContract('the fake', async () => {
  const deliveries = fakeDeliveries();
  return { deliveries, waiting: fakeWaitingDeliveries(deliveries.all) };
});
answerLogContract('the fake', async () => fakeAnswerLog());
replyLogContract('the fake', async () => fakeReplyLog());
identitiesContract('the fake', async (deps) => fakeIdentities(deps));
outboundQueueContract('the fake', async () => {
  const queue = fakeOutboundQueue();
  return { queue, drain: async () => queue.messages.map(({ request }) => request) };
});
deadLettersContract('the fake', async () => {
  const deadLetters = fakeDeadLetters();
  return {
    deadLetters,
    drain: async () => deadLetters.letters.map(({ body, failure }) => ({ body, failure })),
  };
});
tenantSecretsContract('the fake', async () => {
  const secrets = fakeTenantSecrets();
  return {
    secrets,
    put: (tenantId, secret) => secrets.put(tenantId, { kind: 'found', secret }),
    down: (isDown) => (isDown ? secrets.outage.begin() : secrets.outage.end()),
    advance: () => {},
  };
});
replaysContract('the fake', async () => fakeReplays());
pacesContract('the fake', async () => fakePaces());
sharedScheduleContract('the fake', async () => fakeSharedSchedule());
replayOutcomesContract('the fake', async () => {
  const failedRequests = fakeFailedRequests();
  return { failedRequests, outcomes: fakeReplayOutcomes(failedRequests) };
});
verdictFactsContract('the fake', async (rules) => {
  const [deliveries, optOuts] = [fakeDeliveries(), fakeOptOuts(rules)];
  return { deliveries, optOuts, facts: fakeVerdictFacts(deliveries, optOuts) };
});
controlsContract('the fake', async () => fakeControls());
heldMessagesContract('the fake', async () => fakeHeldMessages());
releaseRunsContract('the fake', async () => fakeReleaseRuns());
