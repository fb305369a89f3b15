import type { SimRequest } from '../simulator.ts';

/** The parameters of a request, whether it came URL-encoded or as multipart. */
export async function formOf(request: SimRequest): Promise<URLSearchParams> {
  const type = String(request.headers['content-type'] ?? '');
  if (!type.startsWith('multipart/form-data')) return new URLSearchParams(request.body);
  const body = new Uint8Array(request.rawBody);
  const multipart = await new Response(body, { headers: { 'content-type': type } }).formData();
  const form = new URLSearchParams();
  for (const [name, value] of multipart) if (typeof value === 'string') form.append(name, value);
  return form;
}
