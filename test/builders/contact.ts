import type { Contact } from '../../domain/agents/contacts/contact.ts';

/** Ana, who belongs to Maria. */
export const aContact = (overrides: Partial<Contact> = {}): Contact => ({
  id: 'recAna',
  name: 'Ana Lima',
  phone: '+12025550110',
  owner: 'maria',
  optedOut: false,
  fields: {},
  ...overrides,
});
