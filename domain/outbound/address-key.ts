import { bareAddress, splitPrefix } from './address-prefix.ts';

/** Numbers that are written in two ways: the former one, the key it has, and the same the other way round. */
const twoForms: readonly {
  readonly former: RegExp;
  readonly key: string;
  readonly current: RegExp;
  readonly back: string;
}[] = [
  // Mexico: WhatsApp still writes the 1 before mobile numbers that was given up in 2019. No area code begins with 1.
  {
    former: /^\+521(\d{10})$/,
    key: '+52$1',
    current: /^\+52([2-9]\d{9})$/,
    back: '+521$1',
  },
  // Argentina: mobile numbers have a 9 after the country when dialled from abroad. No area code begins with 9.
  {
    former: /^\+549(\d{10})$/,
    key: '+54$1',
    current: /^\+54([1-8]\d{9})$/,
    back: '+549$1',
  },
  // Brazil: mobile numbers got a 9 after the area code; WhatsApp knows many by the eight digits from before.
  // Eight digits that begin with 2 to 5 are a line at home, which is another number.
  {
    former: /^\+55(?<area>[1-9]{2})(?<line>[6-9]\d{7})$/,
    key: '+55$<area>9$<line>',
    current: /^\+55(?<area>[1-9]{2})9(?<line>[6-9]\d{7})$/,
    back: '+55$<area>$<line>',
  },
];

/** People of Messenger and WeChat may be addressed under a sender, `id@sender` or `@id`; they answer as `id`. */
const withoutSender = (bare: string): string => /^@?([^@]+)/.exec(bare)?.[1] ?? bare;

/**
 * The one form under which an address is kept and compared: without a channel's prefix and a sender's
 * id, and a number that has two forms in one of them. People are written to at a number as they dial
 * it and answer as WhatsApp calls it: a STOP from `whatsapp:+5215512345678` has to hold for
 * +525512345678.
 *
 * For keys and comparisons alone. On the wire an address stays as it was given, because which form a
 * provider can reach is not ours to say; and a key need not be a number that can be dialled.
 */
export function addressKey(address: string): string {
  const person = withoutSender(bareAddress(address.trim()));
  const found = twoForms.find(({ former }) => former.test(person));
  return found === undefined ? person : person.replace(found.former, found.key);
}

/** An address in every form in which a provider may list it, as given first. Prefixes stay. */
export function addressForms(address: string): readonly [string, ...string[]] {
  const { rest } = splitPrefix(address);
  const prefix = address.slice(0, address.length - rest.length);
  const others = twoForms.flatMap(({ former, key, current, back }) => {
    if (former.test(rest)) return [rest.replace(former, key)];
    return current.test(rest) ? [rest.replace(current, back)] : [];
  });
  return [address, ...others.map((other) => prefix + other)];
}
