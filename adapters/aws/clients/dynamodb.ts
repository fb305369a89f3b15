import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type ClientTimeouts, clientOptions } from './options.ts';

/** One per cold start, for every table. */
export const documentClient = (timeouts?: ClientTimeouts): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(new DynamoDBClient(clientOptions(timeouts)));
