import { deliveriesContract } from '../contracts/deliveries.contract.ts';
import { failedRequestsContract } from '../contracts/failed-requests.contract.ts';
import { replayOutcomesContract, replaysContract } from '../contracts/replays.contract.ts';
import { fakeDeliveries } from './deliveries.ts';
import { fakeFailedRequests } from './failed-requests.ts';
import { fakeReplayOutcomes, fakeReplays } from './replays.ts';

deliveriesContract('the fake', async () => fakeDeliveries());
failedRequestsContract('the fake', async () => fakeFailedRequests());
replaysContract('the fake', async () => fakeReplays());
replayOutcomesContract('the fake', async () => {
  const failedRequests = fakeFailedRequests();
  return { failedRequests, outcomes: fakeReplayOutcomes(failedRequests) };
});
