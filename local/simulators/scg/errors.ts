import { answer, type PlainAnswer } from '../simulator.ts';

/** code → [HTTP status, description], as the SCG API words them. */
const errors: Readonly<Record<number, readonly [number, string]>> = {
  429: [429, 'Too many requests'],
  4001: [400, 'Invalid request payload'],
  4002: [400, 'A required parameter is missing'],
  4003: [400, 'A parameter has an invalid type or value'],
  4004: [400, 'Invalid parameter defined'],
  4009: [400, 'Too many media files'],
  40010: [400, 'Media and attachments cannot both be given'],
  40015: [400, 'Too many recipients'],
  40018: [400, 'Invalid senderId/address'],
  40020: [400, 'Unrecognized option(s)'],
  40024: [400, 'Invalid recipient'],
  4010: [401, 'Token is not authorized'],
  4020: [402, 'Insufficient credit'],
  4030: [403, 'Forbidden'],
  4040: [404, 'Not found'],
  4046: [404, 'Access token expired'],
  4090: [409, 'Conflict'],
  4220: [422, 'Attachment could not be downloaded from its URL'],
  5000: [500, 'Internal server error'],
  5030: [503, 'Service unavailable'],
};

const byStatus: Readonly<Record<number, number>> = {
  400: 4001,
  401: 4010,
  402: 4020,
  403: 4030,
  404: 4040,
  409: 4090,
  422: 4220,
  429: 429,
  500: 5000,
  503: 5030,
};

/** An error as SCG words it: `{"error_code":"SCG_ERROR_4001","error_description":"…"}`. */
export function scgError(code: number, status?: number): PlainAnswer {
  const [usual, description] = errors[code] ?? [500, 'The request could not be processed'];
  return answer(status ?? usual, {
    error_code: `SCG_ERROR_${code}`,
    error_description: description,
  });
}

/** For the fault mode `status`. Takes `4046` and `SCG_ERROR_4046`. */
export const scgErrorOfStatus = (status: number, code: string | number | undefined) =>
  scgError(Number(String(code ?? byStatus[status] ?? 5000).replace('SCG_ERROR_', '')), status);
