import type { Numbering } from '../../domain/outbound/phone-number.ts';
import type { SenderSettings } from '../../domain/outbound/sender.ts';
import { defaultSenders } from '../../handlers/runtime/sender-settings.ts';
import { providers } from '../../providers/registry.ts';

export type WrittenSenders = Numbering & {
  readonly default_sender?: string | undefined;
  readonly scg_default_sender?: string | undefined;
  readonly scg_demo_senders?: Readonly<Record<string, string>>;
};

/** Settings of senders, as users write them. */
export const senderSettings = ({
  default_sender,
  scg_default_sender,
  scg_demo_senders = {},
  ...numbering
}: WrittenSenders = {}): SenderSettings => ({
  providers,
  defaultSenders: defaultSenders({ default_sender, scg_default_sender, scg_demo_senders }),
  ...numbering,
});
