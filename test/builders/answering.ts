import type { HttpAnswer, HttpRequest } from '../../domain/http.ts';
import { errorAnswer, Refused } from '../../domain/refused.ts';

/** A route as callers see it: what it refuses is the answer that the HTTP runtime makes of it. */
export const answering =
  <Rest extends unknown[]>(
    serve: (request: HttpRequest, ...rest: Rest) => Promise<HttpAnswer>,
    clock: () => number = () => 0,
  ) =>
  async (request: HttpRequest, ...rest: Rest): Promise<HttpAnswer> => {
    try {
      return await serve(request, ...rest);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return errorAnswer(error, { requestId: request.requestId, now: clock() });
    }
  };
