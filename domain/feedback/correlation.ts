/** What a provider's callback must carry so that it can become an external event without a look-up. */
export type Correlation = {
  readonly tenantId: string;
  readonly guid: string;
  readonly identityId: string;
  readonly externalCode: string;
  /** Empty for a provider whose reference has no room for it: the delivery supplies it then. */
  readonly responseTrackingCode: string;
};
