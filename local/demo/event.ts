/** What differs from one sample event to the next. */
export type EventDetails = {
  readonly guid: string;
  readonly tenantId: string;
  readonly identityId: string;
  /** The creative as CI360 rendered it: header fields, then the body. */
  readonly creative: string;
  /** ms since 1970 */
  readonly generatedAt: number;
  readonly responseTrackingCode: string;
  /** A campaign's task, as CI360 names it. */
  readonly taskCode?: string;
  readonly taskId?: string;
};

const empty = (...names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, null]));

/**
 * One `outboundSystem` event as CI360 posts it: what the service reads, and around it the many
 * members, most of them null, that an event carries besides.
 */
export function outboundEvent(details: EventDetails) {
  const { guid, identityId, generatedAt, taskCode = 'TSK_100' } = details;
  const subject = identityId.slice(0, 8);
  return {
    guid,
    ...empty('apiEventKey', 'customName', 'ipAddress', 'page', 'browser', 'visit', 'domain'),
    eventType: 'outboundSystem',
    eventName: 'SummerFestival',
    eventDesignedName: 'SummerFestival',
    eventDesignedId: 'c6a7a1de-90f4-4f0c-9a53-3a6d8e2b7f10',
    eventCategory: 'unifiedAndEngage',
    sessionId: subject,
    channelId: subject,
    channelType: 'external',
    date: {
      generatedTimestamp: generatedAt,
      ...empty('sentTimestamp', 'receivedTimestamp', 'utcOffset'),
    },
    externalTenantId: details.tenantId,
    internalTenantId: 4711,
    identityId,
    identity: {
      identityId,
      sessionId: subject,
      ...empty('identityType', 'identitySource', 'identityEventName', 'identityAttribute'),
      ...empty('identityAssociation', 'userId', 'visitId', 'ipAddress', 'visitorId'),
      ...empty('loginEventType', 'loginType', 'loginValue'),
    },
    properties: {
      subject_id: subject,
      externalCode: taskCode,
      event_datetime_utc: String(generatedAt),
      contributing_guid_1: guid,
      parent_eventname: 'TicketBought',
      parent_event: 'external',
      applicationId: 'BoxOffice',
      channel_user_type: 'subject_id',
    },
    outboundProperties: { properties: { season: 'summer' } },
    contactResponse: {
      responseTrackingCode: details.responseTrackingCode,
      ...empty('contactResponseCode', 'contactResponseTag', 'responseType', 'responseValue'),
    },
    impression: {
      creativeContent: details.creative,
      creativeId: '0b6f1f0e-6f57-4f3a-8d3e-7c1c5f0a9e21',
      creativeVersionId: 'Qm7uVt2xZr4nKp1sWd8yLb3gHc6aJe5f',
      taskId: details.taskId ?? '9f0d2c4b-55a1-4e86-b7d4-20f1c3e6a8b7',
      taskVersionId: 'Yt5rEw2qUi8oPa1sDf4gHj7kLz0xCv3b',
      isControlGroup: false,
      messageId: '0',
      imprintId: '0',
      variantId: '0',
      segmentId: '',
      segmentVersionId: '',
      ...empty('audienceId', 'audienceOccurrenceId', 'controlGroup', 'goalEvent', 'goalId'),
      ...empty('identityContextType', 'identityContextValue', 'mergeTagAttributeName'),
      ...empty('mergeTagIaSafeId', 'messageVersionId', 'occurrenceId', 'recommenderGroup'),
      ...empty('requestId', 'spotId', 'spotName', 'taskAction', 'taskName', 'taskType'),
      ...empty('variantName'),
    },
    app: empty('sdkName', 'sdkVersion', 'appName', 'appVersion', 'appLanguage', 'appId'),
    deviceInfo: {
      isPortableFlag: false,
      ...empty('deviceType', 'platformVersion', 'platform', 'screenHeight', 'screenWidth'),
      ...empty('screenDepth', 'model', 'manufacturer', 'deviceLanguage', 'agentFamily'),
    },
    ipInfo: {
      ...empty('city', 'cityCode', 'country', 'countryCode', 'region', 'regionCode', 'postalCode'),
      ...empty('metro', 'metroCode', 'timezone', 'lat', 'lon', 'organizationName', 'industry'),
      ...empty('sicCode', 'domainName', 'companyName', 'areaCode', 'state', 'ip', 'ipProperty'),
      ...empty('continent'),
    },
    sms: empty('countryCode', 'address', 'fragmentCount', 'senderId', 'messageId', 'smsContent'),
    error: empty('reasonCode', 'reasonDescription'),
    trace: {
      ...empty('traceId', 'contributingEventGuids'),
      tracePoints: [
        {
          tracePointName: 'TaskExecution',
          tracePointIpAddress: 'campaign-runner-1',
          tracePointTimestamp: generatedAt + 1,
        },
      ],
    },
    ...empty('geofence', 'serviceProvider', 'stagedOffer', 'beacon', 'obfuscateIpAddress'),
    ...empty('eventSource', 'download', 'eCommerce', 'form', 'internalSearch', 'media', 'product'),
    ...empty('promotion', 'customGroupName', 'customRevenueDbl', 'journey', 'session', 'activity'),
    ...empty('contentChange', 'email', 'linkTracking', 'trigger'),
    extendedCustomEventWithRevenueFlag: false,
    parentEventUid: '4d3b6a55-7e1f-4b0c-8a92-6f5e0d1c2b3a',
    ruleVersion: '1',
  };
}
