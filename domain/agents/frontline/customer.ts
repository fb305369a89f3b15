import { prefixedAddress } from '../contacts/address.ts';
import { type Contact, displayName, ownerOf } from '../contacts/contact.ts';

const present = <T>(value: T | undefined, make: (value: T) => object): readonly object[] =>
  value === undefined || value === '' ? [] : [make(value)];

/** A customer in the app's list. Fields that the contact does not have are left out. */
export const toListed = (contact: Contact) => ({
  display_name: displayName(contact),
  customer_id: contact.id,
  ...(contact.avatar ? { avatar: contact.avatar } : {}),
});

/** The text of the customer's card: an opt-out first, then the notes. */
function cardText(
  contact: Contact,
  optedOut: boolean,
): { title: string; content: string } | undefined {
  const { notes } = contact;
  if (!optedOut) return notes ? { title: 'Notes', content: notes } : undefined;
  const content = 'Has opted out of messages; yours will be refused until they write START.';
  return { title: 'Opted out', content: notes ? `${content}\n\n${notes}` : content };
}

/** A customer's details, in the app's shape. */
export const toDetails = (contact: Contact, optedOut = false) => ({
  ...toListed(contact),
  channels: [
    ...present(contact.phone, (value) => ({ type: 'sms', value })),
    ...present(contact.whatsapp, (number) => ({
      type: 'whatsapp',
      value: prefixedAddress('whatsapp', number),
    })),
    ...present(contact.email, (value) => ({ type: 'email', value })),
  ],
  links: [
    ...present(contact.linkedin, (value) => ({
      type: 'LinkedIn',
      value,
      display_name: 'LinkedIn',
    })),
    ...present(contact.email, (email) => ({
      type: 'Email',
      value: `mailto:${email}`,
      display_name: 'Email',
    })),
  ],
  ...present(cardText(contact, optedOut), (details) => ({ details }))[0],
});

/** The fields that a template can name in braces. */
export function mergeFields(contact: Contact): ReadonlyMap<string, string> {
  const owner = ownerOf(contact);
  const known = {
    ...contact.fields,
    customer_id: contact.id,
    display_name: displayName(contact),
    name: displayName(contact),
    sms: contact.phone,
    phone: contact.phone,
    address: contact.phone ?? contact.whatsapp,
    whatsapp: contact.whatsapp,
    email: contact.email,
    linkedin: contact.linkedin,
    notes: contact.notes,
    avatar: contact.avatar,
    owner,
    worker: owner,
  };
  return new Map(
    Object.entries(known).flatMap(([name, value]) => (value ? [[name.toLowerCase(), value]] : [])),
  );
}
