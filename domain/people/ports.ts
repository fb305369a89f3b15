/** Someone as one tenant knows them. */
export type Person = {
  readonly tenantId: string;
  /** Their address, as in a message request. */
  readonly address: string;
  /** Their identity in CI360, while it is known. */
  readonly identityId?: string | undefined;
};

/** Everything that is stored about people, in the order in which it is erased: what others are found by comes last. */
export const storeNames = [
  'opt-out',
  'opt-out-history',
  'automatic-answers',
  'contacts',
  'agent-records',
  'held-messages',
  'failed-requests',
  'deliveries',
  'identities',
] as const;
export type StoreName = (typeof storeNames)[number];

/** `in-flight`: a worker is at it, so it was left as it is. */
export type Erasing = 'erased' | 'in-flight';

export type Found = {
  /** What an export shows of it: plain JSON. */
  readonly data: Readonly<Record<string, unknown>>;
  /** Removes it, or what is personal in it. Safe to repeat. Absent for what is kept. */
  readonly erase?: () => Promise<Erasing>;
};

export type FoundPage = {
  readonly items: readonly Found[];
  /** Where to go on; absent at the end. A page may be empty and have one. */
  readonly cursor?: string | undefined;
  /** What could not be searched, in a sentence. */
  readonly notSearched?: string | undefined;
};

/** One store of personal data. Every call throws `Unavailable` when it is down. */
export type PersonStore = {
  readonly name: StoreName;
  readonly find: (person: Person, cursor: string | undefined) => Promise<FoundPage>;
};
