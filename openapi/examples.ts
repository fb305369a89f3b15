const at = '2026-03-02T09:00:00.000Z';

const error = (status: number) => {
  const codes: Readonly<Record<number, readonly [string, string]>> = {
    400: ['MALFORMED_JSON', 'The body is not JSON.'],
    401: ['UNAUTHORIZED', 'A valid key is needed: x-api-key, Bearer or Basic.'],
    403: ['FORBIDDEN', 'This key may not act for this tenant.'],
    404: ['NOT_FOUND', 'There is no replay friday-evening.'],
    409: ['CONFLICT', 'The replay is completed.'],
    413: ['PAYLOAD_TOO_LARGE', 'An event has at most 262144 bytes.'],
    422: ['VALIDATION_ERROR', 'limit: is a whole number from 1 to 500'],
    451: ['OPTED_OUT', 'The customer has opted out.'],
    502: ['TWILIO_REFUSED', 'Twilio refused it (50416).'],
    503: ['SERVICE_UNAVAILABLE', 'Try again shortly.'],
  };
  const [code, message] = codes[status] ?? ['INTERNAL_ERROR', 'The request could not be handled.'];
  const details =
    status === 422 ? [{ field: 'limit', issue: 'is a whole number from 1 to 500' }] : [];
  return { error: { code, message, details, timestamp: at, requestId: 'JKJaXmPLvHcESHA=' } };
};

const guid = '6f1d2c9e-8f0a-4a4e-9a5b-0d7a3b1c2e4f';
const tenantId = 'local-tenant';
const cause = {
  class: 'config',
  code: '20003',
  message: 'The account refused the credentials.',
};

const delivery = {
  guid,
  tenantId,
  status: 'delivered',
  provider: 'twilio',
  channel: 'SMS',
  taskId: 'TSK_202',
  caller: 'ci360',
  providerMessageId: 'SM0123456789abcdef0123456789abcdef',
  encoding: 'GSM-7',
  segments: 1,
  attempts: 1,
  replays: 0,
  replayId: null,
  heldUntil: null,
  held: null,
  inDoubt: null,
  lastError: null,
  next: null,
  reports: [{ status: 'delivered', reported: true }],
  sentAt: at,
  createdAt: at,
  updatedAt: at,
};

const replay = {
  replayId: 'friday-evening',
  tenantId,
  status: 'running',
  phase: 'requeue',
  asked: null,
  selection: { tenantId, class: 'config', until: at },
  options: {
    rate: 10,
    canary: 20,
    maxFailureRate: 0.5,
    ignoreTtl: false,
    includePermanent: false,
    sendInDoubt: false,
    ignoreWindow: false,
  },
  startedBy: 'on-call',
  requeued: 120,
  sent: 100,
  failedAgain: 2,
  onTheirWay: 18,
  skipped: { 'opted-out': 3 },
  countedAt: at,
  reason: null,
  executions: 1,
  createdAt: at,
  updatedAt: at,
  finishedAt: null,
};

const failedRequest = {
  guid,
  tenantId,
  kind: 'message',
  status: 'failed',
  provider: 'twilio',
  channel: 'SMS',
  to: '…23',
  sender: '+12025550100',
  taskId: 'TSK_202',
  ...cause,
  advice: 'Correct twilio_auth_token in the secret of the tenant, then replay.',
  httpStatus: 401,
  attempts: 1,
  replays: 0,
  replayId: null,
  generatedAt: at,
  failedAt: at,
  expiresAt: '2026-05-31T09:00:00.000Z',
  replayable: 'yes',
};

const optOut = {
  tenantId,
  address: '…23',
  optedOut: true,
  word: { status: 'opted-out', at, source: 'twilio' },
  refusal: null,
  advice: 'The person said STOP.',
};

const empty = { waiting: 0, inFlight: 0, delayed: 0 };
const status = {
  tenantId,
  at,
  queues: {
    outbound: { waiting: 1200, inFlight: 50, delayed: 0 },
    outboundPriority: empty,
    outboundLanes: empty,
    outboundDlq: empty,
    ci360Events: empty,
    ci360Replies: empty,
    ci360EventsDlq: empty,
  },
  messages: {
    retrying: { count: 12, hasMore: false, oldestTakenOnAt: at },
    inDoubt: { count: 0, hasMore: false, oldestTakenOnAt: null },
    looked: 12,
  },
  causes: [{ provider: 'twilio', ...cause, class: 'transient', code: '20429', count: 12 }],
  lastSuccess: { twilio: at, scg: null, ci360: at },
  replays: [replay],
};

const none = {
  accepted: 0,
  waiting: 0,
  held: 0,
  inDoubt: 0,
  sent: 0,
  delivered: 0,
  read: 0,
  clicked: 0,
  undelivered: 0,
  canceled: 0,
  failed: 0,
  expired: 0,
  replayed: 0,
  heldBy: {},
  segments: { count: 0, ofMessages: 0 },
  speed: { measured: 0, within10s: 0, within60s: 0 },
};
const totals = {
  ...none,
  accepted: 1000,
  sent: 990,
  delivered: 970,
  failed: 10,
  segments: { count: 1980, ofMessages: 990 },
  speed: { measured: 990, within10s: 980, within60s: 990 },
};
const running = { state: 'running', by: null, at: null, reason: '' };
const foundMessage = {
  guid: delivery.guid,
  tenantId,
  taskId: delivery.taskId,
  externalCode: 'TSK_42',
  identityId: '7f3a9c0e-5b1d-4c7e-9a55-0d9d5b7a1c11',
  status: 'delivered',
  provider: 'twilio',
  channel: 'SMS',
  providerMessageId: delivery.providerMessageId,
  error: null,
  createdAt: at,
  sentAt: at,
};
const totalsCheck = {
  requestedAt: null,
  requestedBy: null,
  startedAt: at,
  finishedAt: at,
  result: { deliveries: 12_000, compared: 96, changing: 2, different: 1, repaired: 1 },
};
const onHold = { state: 'held', by: 'on-call', at, reason: 'wrong link' };
const controlled = (control: object) => ({
  tenantId,
  taskId: 'TSK_202',
  control,
  held: { count: 480, hasMore: false },
  known: true,
});
const campaign = {
  tenantId,
  taskId: 'TSK_202',
  externalCode: 'TSK_202',
  startedAt: at,
  control: running,
  updatedAt: at,
  totals,
};
const statement = { state: 'opted-out', at, source: 'twilio', recordedAt: at };

const auditEntry = {
  tenantId,
  at,
  caller: 'on-call',
  role: 'operator',
  source: '203.0.113.7',
  requestId: 'JKJaXmPLvHcESHA=',
  action: 'POST /replays',
  about: { class: 'config' },
  status: 202,
  result: { replayId: 'friday-evening' },
  isFinished: true,
};

const accepted = { status: 'accepted', guid, encoding: 'GSM-7', segments: 1 };
const ignored = { status: 'ignored', reason: 'event-type' };
const creative = 'TO:+12025550123; FROM:+12025550100; Your table is ready.';
const outboundEvent = {
  eventType: 'outboundSystem',
  eventName: 'send_sms',
  guid,
  externalTenantId: tenantId,
  identityId: 'b2c4',
  date: { generatedTimestamp: '1772442000000' },
  impression: {
    creativeContent: creative,
    taskId: 'TSK_202',
  },
  contactResponse: { responseTrackingCode: 'rtc-1' },
  properties: { externalCode: 'TSK_202' },
};
const person = { tenantId, address: '+12025550123' };
const call = { fromNumber: '+12025550100', toName: 'Ana Lima', toNumber: '+12025550123' };

const senders = {
  tenantId,
  at: '2026-03-02T09:00:00.000Z',
  senders: [
    {
      sender: '12345',
      provider: 'twilio',
      kind: 'short-code',
      unit: 'segments',
      limit: 100,
      dailyCap: null,
      sentToday: null,
      rate: 70,
      backlog: 6300,
      backlogUntil: '2026-03-02T09:01:30.000Z',
      throttledLastMinute: 4,
      throttledAt: '2026-03-02T08:59:58.000Z',
    },
  ],
};

const templates = {
  tenantId,
  syncedAt: at,
  templates: [
    {
      sid: 'HX11111111111111111111111111111111',
      name: 'spring_sale',
      language: 'en',
      type: 'twilio/text',
      category: 'MARKETING',
      status: 'approved',
      reason: null,
      variables: ['1', '2'],
      text: 'Hello {{1}}, your code is valid until {{2}}.',
    },
  ],
};

/** Examples, by method and path, and of answers by status. */
export const examples: {
  readonly error: typeof error;
  readonly request: Readonly<Record<string, unknown>>;
  readonly answer: Readonly<Record<string, unknown>>;
} = {
  error,
  request: {
    'POST /twilio/messages': outboundEvent,
    'POST /scg/messages': outboundEvent,
    'POST /failed-requests/purge': { tenantId, class: 'permanent', confirm: tenantId },
    'POST /replays': { tenantId, class: 'config', rate: 10, canary: 20 },
    'POST /totals-check': {},
    'POST /messages/find': { tenantId, number: '+12025550123' },
    'POST /campaigns/{taskId}/hold': { tenantId, reason: 'wrong link' },
    'POST /campaigns/{taskId}/resume': { tenantId },
    'POST /campaigns/{taskId}/stop': { tenantId, reason: 'wrong link' },
    'POST /opt-outs/show': person,
    'POST /opt-outs/lift': { ...person, confirm: tenantId },
    'POST /creatives/check': { tenantId, provider: 'twilio', creative },
    'POST /templates/sync': { tenantId },
    'POST /opt-outs/add': { ...person, source: 'phone', note: 'Called the service desk.' },
    'POST /people/export': person,
    'POST /people/erase': { ...person, confirm: tenantId },
    'POST /opt-outs/import': {
      tenantId,
      rows: [{ line: 2, number: '+12025550123', state: 'opted-out', at }],
    },
    'POST /opt-outs/history': person,
    'POST /flex/{tenantId}/outbound-sms-tasks': call,
    'POST /flex/{tenantId}/outbound-messages': { ...call, messageBody: 'Your table is ready.' },
  },
  answer: {
    'POST /twilio/messages 202': accepted,
    'POST /twilio/messages 200': ignored,
    'POST /scg/messages 202': accepted,
    'POST /scg/messages 200': ignored,
    'GET /failed-requests 200': { items: [failedRequest] },
    'GET /failed-requests/{guid} 200': { failedRequest, delivery, replay: null },
    'POST /failed-requests/purge 200': { purged: 12 },
    'GET /deliveries/{guid} 200': delivery,
    'GET /replays 200': { items: [replay] },
    'POST /replays 200': {
      counts: { send: 120, 'opted-out': 3 },
      samples: { send: [guid] },
      selected: 123,
      wouldSend: 120,
      seconds: 12,
      rate: 10,
      selection: { tenantId, class: 'config', until: at },
    },
    'POST /replays 202': replay,
    'GET /replays/{id} 200': replay,
    'POST /replays/{id}/pause 200': { ...replay, asked: 'pause' },
    'POST /replays/{id}/resume 200': replay,
    'POST /replays/{id}/cancel 200': { ...replay, asked: 'cancel' },
    'POST /opt-outs/show 200': optOut,
    'POST /opt-outs/lift 200': { ...optOut, optedOut: false, word: null },
    'POST /opt-outs/add 200': optOut,
    'POST /people/export 200': {
      tenantId,
      number: '+12025550123',
      exportedAt: at,
      items: [
        {
          store: 'identities',
          data: { number: '+12025550123', identityId: 'b5c1f0a2', until: at },
        },
      ],
      notSearched: [],
    },
    'POST /people/erase 200': {
      tenantId,
      address: '…23',
      erasedAt: at,
      erased: 1,
      inFlight: 0,
      stores: [{ store: 'identities', erased: 1, inFlight: 0 }],
      remains: [
        {
          what: 'Messages and replies on queues',
          why: 'Messages are dropped when a worker meets them; replies are reported to CI360.',
          until: at,
        },
      ],
      notSearched: [],
    },
    'POST /opt-outs/import 200': { recorded: 1, known: 0, refused: [] },
    'POST /opt-outs/history 200': { tenantId, address: '…23', items: [statement] },
    'GET /opt-outs 200': { items: [{ number: '+12025550123', ...statement }] },
    'GET /campaigns 200': {
      items: [campaign],
      controls: [{ taskId: '*', ...onHold, reason: 'incident' }],
    },
    'GET /campaigns/{taskId} 200': {
      ...campaign,
      releasing: false,
      by: 'day',
      rows: [{ name: '2026-03-02', totals }],
      errors: [],
    },
    'GET /messages 200': { items: [foundMessage], keptSince: at },
    'POST /messages/find 200': { items: [foundMessage], keptSince: at },
    'GET /messages/{guid} 200': {
      message: delivery,
      failedRequest: null,
      story: [
        { at, what: 'received', detail: '' },
        { at, what: 'claimed', detail: '' },
        { at, what: 'accepted', detail: '' },
      ],
    },
    'GET /totals-check 200': totalsCheck,
    'POST /totals-check 202': { ...totalsCheck, requestedAt: at, requestedBy: 'on-call' },
    'POST /campaigns/{taskId}/hold 200': controlled(onHold),
    'POST /campaigns/{taskId}/resume 200': controlled({ ...onHold, state: 'running' }),
    'POST /campaigns/{taskId}/stop 200': controlled({ ...onHold, state: 'stopped' }),
    'POST /creatives/check 200': {
      tenantId,
      provider: 'twilio',
      ok: true,
      messages: 1,
      channel: { value: 'SMS', source: 'default' },
      to: { value: '+120255501…', source: 'creative' },
      from: { value: '+12025550100', source: 'creative' },
      body: 'Your table is ready.',
      mediaUrls: [],
      template: null,
      segments: { min: 1, max: 1 },
      encoding: 'GSM-7',
      offendingCharacters: [],
      estimate: null,
      errors: [],
      warnings: [],
    },
    'GET /senders 200': senders,
    'GET /templates 200': templates,
    'POST /templates/sync 200': templates,
    'GET /audit 200': { items: [auditEntry] },
    'GET /status 200': status,
    'GET /access 200': {
      caller: 'on-call',
      roles: ['viewer', 'operator'],
      tenants: [tenantId],
      tenantId,
    },
    'POST /webhooks/scg 200': { status: 'accepted' },
    'POST /webhooks/scg/{tenantId} 200': { status: 'accepted' },
    'GET /health 200': { status: 'ok' },
  },
};
