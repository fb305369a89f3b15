import { BlockList, isIP } from 'node:net';

/** Loopback, private and link-local ranges, which nothing outside of the own network can call. */
const privateRanges = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  privateRanges.addSubnet(network, prefix, 'ipv4');
}
privateRanges.addAddress('::', 'ipv6');
privateRanges.addAddress('::1', 'ipv6');
privateRanges.addSubnet('fc00::', 7, 'ipv6');
privateRanges.addSubnet('fe80::', 10, 'ipv6');

/** Whether a URL's host is this machine or one of a private network. Names are not resolved. */
export function isPrivateHost({ hostname }: Pick<URL, 'hostname'>): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const version = isIP(host);
  if (version !== 0) return privateRanges.check(host, version === 4 ? 'ipv4' : 'ipv6');
  return !host.includes('.') || /\.(localhost|local|internal)$/i.test(host);
}

/**
 * Whether the company at `provider` can call `callback`. A simulated company on this machine or network
 * can call its neighbours; a real one cannot, and Twilio refuses a message that names such an address
 * (21609).
 */
export const canCall = (provider: URL, callback: URL): boolean =>
  isPrivateHost(provider) || !isPrivateHost(callback);
