/** A person's data, by the names of merge tags. */
export type Sample = Readonly<Record<string, string>>;

/** A number that belongs to nobody: stands in for a recipient that no sample gives. */
const NOBODY = '+12025550123';

/** A creative with its merge tags replaced as CI360 does it; tags that the sample does not name stay. */
export const merged = (creative: string, sample: Sample): string =>
  creative.replace(/\{\{\s*([^{}\r\n]{1,128}?)\s*\}\}/g, (tag, name: string) =>
    Object.hasOwn(sample, name) ? (sample[name] ?? tag) : tag,
  );

/** A creative without samples: only the recipient gets a value, so that the rest can be judged. */
export const withStandIn = (creative: string): string =>
  creative
    .replace(/^(\s*TO\s*:\s*)\{\{[^{}\r\n]+\}\}/im, `$1${NOBODY}`)
    .replace(/("to"\s*:\s*")\{\{[^{}\r\n]+\}\}/i, `$1${NOBODY}`);
