import { httpClient } from '../../adapters/http/client.ts';

/** The real HTTP client, with room for the longest page that a provider answers with. */
export const http = httpClient({ clock: Date.now, maxBodyBytes: 16 * 1024 * 1024 });
