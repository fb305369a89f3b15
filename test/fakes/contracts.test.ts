import { deliveriesContract } from '../contracts/deliveries.contract.ts';
import { failedRequestsContract } from '../contracts/failed-requests.contract.ts';
import { fakeDeliveries } from './deliveries.ts';
import { fakeFailedRequests } from './failed-requests.ts';

deliveriesContract('the fake', async () => fakeDeliveries());
failedRequestsContract('the fake', async () => fakeFailedRequests());
