/** Whether a URL's host is this machine, so that nothing that is sent there leaves it. */
export const isLoopback = ({ hostname }: Pick<URL, 'hostname'>): boolean =>
  /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);

/** Whether credentials sent to this URL could be read on their way. */
export function isInsecure(written: string): boolean {
  const url = URL.parse(written.trim());
  return url?.protocol === 'http:' && !isLoopback(url);
}

/** What is wrong with such a URL, after the name of its key. */
export const insecureIssue = 'starts with http://, which only insecure_urls=allow permits';
