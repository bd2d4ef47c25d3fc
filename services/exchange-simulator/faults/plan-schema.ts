import { z } from 'zod';

/*
 * The file of a fault plan. Every kind of fault is one object with its own fields, told apart by `fault`; what all of them
 * share stands first. docs/exchange-simulator.md lists the kinds and which rows of the fault catalogue they inject.
 */

const SPAN_MS_MAX = 86_400_000;
const milliseconds = z.int().min(0).max(SPAN_MS_MAX).meta({ id: 'milliseconds' });
/** A time in ms, or the shortest and the longest, between which each use draws. */
const span = z.union([z.tuple([milliseconds, milliseconds]), milliseconds]).meta({ id: 'span' });
const name = z.string().min(1).max(200);
/** One text or several; `*` stands for any characters. */
const patterns = z.union([z.array(name).min(1), name]).meta({ id: 'patterns' });
const fields = z
  .record(name, z.union([z.string(), z.number(), z.boolean(), z.null()]))
  .meta({ id: 'fields' });
const account = z.int().min(1).meta({ id: 'account' });
const decimal = z
  .string()
  .regex(/^\d{1,20}(\.\d{1,8})?$/, 'expected a decimal in quotes, like "0.5"')
  .meta({ id: 'decimal' });

/** Which requests: REST by method and path (`POST /api/v3/order`), the WebSocket API by method (`order.place`). */
const requests = z
  .strictObject({
    endpoint: patterns.optional(),
    api: z.enum(['rest', 'ws']).optional(),
    symbol: patterns.optional(),
    account: account.optional(),
    address: patterns.optional(),
    /** Parameters of the request, compared as texts. */
    fields: fields.optional(),
  })
  .meta({ id: 'requests' });
/** Which user events. `fields` are of the event, with dots into what is nested: `{"X": "FILLED"}`. */
const events = z
  .strictObject({
    event: patterns.optional(),
    symbol: patterns.optional(),
    account: account.optional(),
    fields: fields.optional(),
  })
  .meta({ id: 'events' });
/** Which messages of market streams: `{"stream": "btcusdt@depth*"}`, `{"event": "kline", "fields": {"k.x": true}}`. */
const messages = z
  .strictObject({
    stream: patterns.optional(),
    event: patterns.optional(),
    symbol: patterns.optional(),
    fields: fields.optional(),
  })
  .meta({ id: 'messages' });
/** Which sockets, by the path of their address: `/ws-api/v3`, `/ws*`, `/stream`. */
const sockets = z.strictObject({ path: patterns.optional() }).meta({ id: 'sockets' });

/** When a fault strikes among what matches; times count from the installation of the plan. */
const when = z
  .strictObject({
    /** At random, with this probability, drawn from the plan's seed. */
    rate: z.number().min(0).max(1).optional(),
    /** At the first, the fifth ... that matches. */
    nth: z.union([z.array(z.int().min(1)).min(1), z.int().min(1)]).optional(),
    /** At each n-th that matches. */
    every: z.int().min(1).optional(),
    from_ms: milliseconds.optional(),
    for_ms: milliseconds.optional(),
    /** At most so often. */
    count: z.int().min(1).optional(),
  })
  .refine(
    ({ rate, nth, every }) => [rate, nth, every].filter((each) => each !== undefined).length <= 1,
    'rate, nth and every exclude one another',
  )
  .meta({ id: 'when' });
/** When something is done to the exchange by itself: at `from_ms`, then again after every `every_ms`. */
const times = z
  .strictObject({
    from_ms: milliseconds.optional(),
    every_ms: z.int().min(1).max(SPAN_MS_MAX).optional(),
    count: z.int().min(1).optional(),
  })
  .meta({ id: 'times' });

const edits = {
  /** Paths and their new values; a path that is not there is made. */
  set: z.record(name, z.unknown()).optional(),
  /** Numbers, and decimals in texts, are raised (or, below zero, lowered) by so much. */
  add: z.record(name, z.int()).optional(),
  remove: z.array(name).min(1).optional(),
};
const common = { name: name.optional() };

const onRequests = <Kind extends string, Shape extends z.core.$ZodLooseShape>(kind: Kind, shape: Shape) =>
  z.strictObject({
    ...common,
    fault: z.literal(kind),
    where: requests.optional(),
    when: when.optional(),
    ...shape,
  });
const onEvents = <Kind extends string, Shape extends z.core.$ZodLooseShape>(kind: Kind, shape: Shape) =>
  z.strictObject({
    ...common,
    fault: z.literal(kind),
    where: events.optional(),
    when: when.optional(),
    ...shape,
  });
const onMessages = <Kind extends string, Shape extends z.core.$ZodLooseShape>(kind: Kind, shape: Shape) =>
  z.strictObject({
    ...common,
    fault: z.literal(kind),
    where: messages.optional(),
    when: when.optional(),
    ...shape,
  });
const onSockets = <Kind extends string, Shape extends z.core.$ZodLooseShape>(kind: Kind, shape: Shape) =>
  z.strictObject({
    ...common,
    fault: z.literal(kind),
    where: sockets.optional(),
    when: when.optional(),
    ...shape,
  });
const atTimes = <Kind extends string, Shape extends z.core.$ZodLooseShape>(kind: Kind, shape: Shape) =>
  z.strictObject({
    ...common,
    fault: z.literal(kind),
    when: times.optional(),
    /** Instead of at a time: just before (or after) each matching request. */
    on_request: z
      .strictObject({
        where: requests.optional(),
        when: when.optional(),
        moment: z.enum(['before', 'after']).optional(),
      })
      .optional(),
    ...shape,
  });

/** What stands in for an answer; the documented ones by name. */
export const ERROR_NAMES = [
  'timeout',
  'unexpected_response',
  'unknown',
  'disconnected',
  'busy',
  'too_many_requests',
  'too_many_orders',
  'banned',
  'service_unavailable',
  'bad_gateway_html',
  'forbidden_html',
  'gone_html',
  'empty',
] as const;

const REQUEST_FAULTS = [
  onRequests('lose_request', {}),
  onRequests('lose_answer', {
    /** How much of the answer still comes; 0: the connection is reset. */
    after_bytes: z.int().min(0).optional(),
    /** Nothing is cut: the answer just never comes. */
    silent: z.boolean().optional(),
  }),
  onRequests('delay_request', { ms: span }),
  onRequests('delay_answer', { ms: span }),
  onRequests('fail_request', {
    error: z.union([
      z.enum(ERROR_NAMES),
      z.strictObject({
        status: z.int().min(400).max(599),
        code: z.int().max(-1).optional(),
        msg: z.string().optional(),
        body: z.string().optional(),
        headers: z.record(name, z.string()).optional(),
      }),
    ]),
    /** The probability that the request is carried out all the same; 0 without it. */
    executed: z.number().min(0).max(1).optional(),
    retry_after_s: z.int().min(0).max(259_200).optional(),
  }),
  onRequests('edit_answer', edits),
  onRequests('lag_queries', { ms: span }),
  onRequests('stale_answer', { ms: milliseconds }),
  onRequests('cross_book_answer', {}),
  onRequests('burn_weight', { weight: z.int().min(1).max(1_000_000) }),
  onRequests('ban_address', { ms: milliseconds }),
  onRequests('fill_before_cancel', {}),
  onRequests('fill_then_expire', { fraction: decimal.optional() }),
] as const;

const reorder = {
  /** How many later ones come first; 1 without it. */
  by: z.int().min(1).max(100).optional(),
  /** It comes after this time even if fewer came; 1000 without it. */
  hold_ms: milliseconds.optional(),
};
const repeat = { times: z.int().min(1).max(100).optional(), gap_ms: milliseconds.optional() };

const EVENT_FAULTS = [
  onEvents('drop_event', {}),
  onEvents('duplicate_event', repeat),
  onEvents('delay_event', { ms: span }),
  onEvents('reorder_event', reorder),
  onEvents('edit_event', edits),
] as const;

const MESSAGE_FAULTS = [
  onMessages('drop_message', {}),
  onMessages('duplicate_message', repeat),
  onMessages('delay_message', { ms: span }),
  onMessages('reorder_message', reorder),
  onMessages('edit_message', edits),
  onMessages('cross_book_message', {}),
] as const;

const SOCKET_FAULTS = [
  onSockets('refuse_socket', {
    status: z.int().min(400).max(599),
    retry_after_s: z.int().min(0).max(259_200).optional(),
  }),
  onSockets('limit_socket_life', { ms: span, code: z.int().min(1000).max(4999).optional() }),
  onSockets('withhold_pings', {}),
  onSockets('mute_socket', { announce: z.boolean().optional() }),
] as const;

const ACTIONS = [
  atTimes('cut_sockets', { where: sockets.optional(), code: z.int().min(1000).max(4999).optional() }),
  atTimes('shut_down', { notice_ms: milliseconds }),
  atTimes('set_status', { symbol: name, status: name, for_ms: milliseconds.optional() }),
  atTimes('set_filter', { symbol: name, filter: z.looseObject({ filterType: name }) }),
  atTimes('remove_filter', { symbol: name, filter_type: name }),
  atTimes('deposit', { account, asset: name, amount: decimal }),
  atTimes('withdraw', { account, asset: name, amount: decimal }),
  atTimes('lock', { account, asset: name, amount: decimal }),
  atTimes('unlock', { account, asset: name, amount: decimal }),
  atTimes('hand_order', {
    account,
    symbol: name,
    side: z.enum(['BUY', 'SELL']),
    quantity: decimal,
    /** A limit order that rests; without it a market order. */
    price: decimal.optional(),
  }),
  atTimes('cancel_by_hand', { account, symbol: name }),
  atTimes('expire_orders', { symbol: name, account: account.optional() }),
  atTimes('print_trade', { symbol: name, price: decimal, quantity: decimal, side: z.enum(['BUY', 'SELL']) }),
  atTimes('revoke_key', { api_key: name }),
  atTimes('switch_account', {
    account,
    can_trade: z.boolean().optional(),
    /** Fees are paid in BNB while there is enough of it. */
    uses_discount: z.boolean().optional(),
  }),
  atTimes('set_reference_price', { symbol: name, price: z.union([decimal, z.null()]) }),
  /** Multiples of the reference price between which a taker may trade; without any the rule is gone. */
  atTimes('set_price_range', {
    symbol: name,
    bid_up: decimal.optional(),
    bid_down: decimal.optional(),
    ask_up: decimal.optional(),
    ask_down: decimal.optional(),
  }),
  atTimes('shift_clock', { ms: z.int().min(-SPAN_MS_MAX).max(SPAN_MS_MAX), for_ms: milliseconds.optional() }),
  atTimes('pause_market', { for_ms: milliseconds }),
  atTimes('wipe', {}),
] as const;

const faultSchema = z.discriminatedUnion('fault', [
  ...REQUEST_FAULTS,
  ...EVENT_FAULTS,
  ...MESSAGE_FAULTS,
  ...SOCKET_FAULTS,
  ...ACTIONS,
]);

/** What the operator can have done at once. */
export const ACTION = z.discriminatedUnion('fault', ACTIONS);

export const FAULT_PLAN_FILE = z.strictObject({
  $schema: z.string().optional(),
  /** What chance in the plan is drawn from; 1 without it. */
  seed: z.int().optional(),
  faults: z.array(faultSchema).max(1000),
});

type Of<Kinds extends readonly z.ZodType[]> = z.infer<Kinds[number]>;
export type FaultPlan = z.infer<typeof FAULT_PLAN_FILE>;
export type Fault = z.infer<typeof faultSchema>;
export type RequestFault = Of<typeof REQUEST_FAULTS>;
export type EventFault = Of<typeof EVENT_FAULTS>;
export type MessageFault = Of<typeof MESSAGE_FAULTS>;
export type SocketFault = Of<typeof SOCKET_FAULTS>;
export type Action = Of<typeof ACTIONS>;
export type When = z.infer<typeof when>;
export type Span = z.infer<typeof span>;
export type Edits = { readonly [Name in keyof typeof edits]?: z.infer<(typeof edits)[Name]> };
export type RequestPattern = z.infer<typeof requests>;
export type EventPattern = z.infer<typeof events>;
export type MessagePattern = z.infer<typeof messages>;
export type ErrorAnswer = Extract<RequestFault, { fault: 'fail_request' }>['error'];

export type AnswerChange = Extract<
  RequestFault,
  { fault: 'edit_answer' | 'stale_answer' | 'cross_book_answer' }
>;
export type Deed = Extract<
  RequestFault,
  { fault: 'burn_weight' | 'ban_address' | 'fill_before_cancel' | 'fill_then_expire' }
>;

const kindsOf = (faults: readonly { readonly shape: { readonly fault: z.ZodLiteral<string> } }[]) =>
  new Set(faults.map(({ shape }) => shape.fault.value));
const REQUEST_KINDS = kindsOf(REQUEST_FAULTS);
const EVENT_KINDS = kindsOf(EVENT_FAULTS);
const MESSAGE_KINDS = kindsOf(MESSAGE_FAULTS);
const SOCKET_KINDS = kindsOf(SOCKET_FAULTS);

export const isRequestFault = (fault: Fault): fault is RequestFault => REQUEST_KINDS.has(fault.fault);
export const isEventFault = (fault: Fault): fault is EventFault => EVENT_KINDS.has(fault.fault);
export const isMessageFault = (fault: Fault): fault is MessageFault => MESSAGE_KINDS.has(fault.fault);
export const isSocketFault = (fault: Fault): fault is SocketFault => SOCKET_KINDS.has(fault.fault);
