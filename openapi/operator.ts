import * as z from 'zod';
import { operatorRoutes } from '../domain/operator/routes.ts';
import { type Content, json, type Operation } from './operation.ts';

/** `POST /replays/{id}/pause` → `postReplaysIdPause` */
const idOf = (method: string, path: string): string =>
  [method.toLowerCase(), ...path.split(/[^a-z]+/i)]
    .map((part, at) => (at === 0 ? part : part.charAt(0).toUpperCase() + part.slice(1)))
    .join('');

/** The first part of a path names its subject: `/failed-requests/purge` → `Failed requests`. */
function tagOf(path: string): string {
  const [, subject = ''] = path.split('/');
  return (subject.charAt(0).toUpperCase() + subject.slice(1)).replaceAll('-', ' ');
}

const csv: Content = { type: 'text/csv', schema: z.string() };
const notModified = {
  description: 'Unchanged since the answer whose `ETag` is in `If-None-Match`',
};
const answerWords: Readonly<Record<number, string>> = { 200: 'Done', 202: 'Started' };

/** The operator's routes, from their table. */
export const operatorOperations: readonly Operation[] = operatorRoutes.map(
  ({ method, path, role, summary, request, answers, refusals, hasCsv, alsoFor }) => ({
    method,
    path,
    id: idOf(method, path),
    tag: tagOf(path),
    summary,
    access: role,
    alsoFor,
    request: {
      ...request.shape,
      body: request.shape.body === undefined ? undefined : json(request.shape.body),
    },
    answers: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, schema]) => [
          status,
          {
            description: answerWords[Number(status)] ?? 'Done',
            content: [...json(schema), ...(hasCsv ? [csv] : [])],
          },
        ]),
      ),
      ...(method === 'GET' ? { 304: notModified } : {}),
    },
    // Whatever reads fields can find them wrong.
    errors: [400, 401, 403, 422, ...refusals],
  }),
);
