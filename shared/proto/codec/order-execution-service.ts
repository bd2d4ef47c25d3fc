import { create } from '@bufbuild/protobuf';
import type {
  AmendCommand,
  CancelAllResult,
  CancelCommand,
  ExecutionState,
  FlattenResult,
  ForgetCommand,
  ReconciliationResult,
  ReplaceCommand,
  ResolveBreakCommand,
  ScopedCommand,
  SubmitResult,
} from '../contracts/order-execution.ts';
import * as execution from '../generated/tradewind/v1/order_execution_pb.js';
import { kinds } from './choice.ts';
import { type Codec, list } from './codec.ts';
import { commandResult } from './commands.ts';
import { breakBody } from './events.ts';
import { ledgerOrder, orderIntent } from './orders.ts';
import { message, optional, orUndefined, record } from './record.ts';
import { signalRefusal } from './refusal.ts';
import { lower, quantity, text, whole } from './scalars.ts';
import { signal } from './signal.ts';

type SubmitPart<Kind> = Omit<Extract<SubmitResult, { readonly kind: Kind }>, 'kind'>;
const anySubmitResult = kinds<SubmitResult, execution.SubmitResult['result']>({
  submitted: record<SubmitPart<'submitted'>, execution.Submitted>(execution.SubmittedSchema, {
    clientOrderId: text,
    state: text,
  }),
  refused: record<SubmitPart<'refused'>, execution.SubmitRefused>(execution.SubmitRefusedSchema, {
    refusal: signalRefusal,
  }),
});
const submitResult: Codec<SubmitResult, execution.SubmitResult> = {
  encode: (value) => create(execution.SubmitResultSchema, { result: anySubmitResult.encode(value) }),
  decode: (message) => anySubmitResult.decode(message.result),
};

const COMMANDED = { by: text, correlationId: text };
const OF_ORDER = { ...COMMANDED, symbol: text, clientOrderId: text };

const cancelCommand = record<CancelCommand, execution.CancelCommand>(execution.CancelCommandSchema, OF_ORDER);
const forgetCommand = record<ForgetCommand, execution.ForgetCommand>(execution.ForgetCommandSchema, {
  ...OF_ORDER,
  why: text,
});
const amendCommand = record<AmendCommand, execution.AmendCommand>(execution.AmendCommandSchema, {
  ...OF_ORDER,
  newQuantity: quantity,
});
const replaceCommand = record<ReplaceCommand, execution.ReplaceCommand>(execution.ReplaceCommandSchema, {
  ...OF_ORDER,
  replacement: orderIntent,
  expiresAtMs: whole,
});
const scopedCommand = record<ScopedCommand, execution.ScopedCommand>(execution.ScopedCommandSchema, {
  ...COMMANDED,
  symbol: optional(text),
  strategy: optional(text),
  why: text,
});
const resolveBreakCommand = record<ResolveBreakCommand, execution.ResolveBreakCommand>(
  execution.ResolveBreakCommandSchema,
  { ...COMMANDED, name: text, why: text },
);
const cancelAllResult = record<CancelAllResult, execution.CancelAllResult>(execution.CancelAllResultSchema, {
  canceled: list(text),
  unproven: list(text),
});
const flattenResult = record<FlattenResult, execution.FlattenResult>(execution.FlattenResultSchema, {
  canceled: list(text),
  unproven: list(text),
  orders: list(text),
  kept: list(
    record<FlattenResult['kept'][number], execution.KeptPosition>(execution.KeptPositionSchema, {
      strategy: text,
      symbol: text,
      quantity,
      why: text,
    }),
  ),
});
const reconciliationResult = record<ReconciliationResult, execution.ReconciliationResult>(
  execution.ReconciliationResultSchema,
  { kind: lower(execution.ReconciliationKind), breaks: list(breakBody), detail: text },
);
const executionState = record<ExecutionState, execution.ExecutionState>(execution.ExecutionStateSchema, {
  state: lower(execution.ExecutionStateName),
  detail: text,
  epoch: orUndefined(whole),
  openOrders: whole,
  inDoubt: whole,
  breaks: list(breakBody),
  agreedAtMs: orUndefined(whole),
});

export const orderExecutionMethods = {
  submit: {
    request: message(execution.SubmitRequestSchema, { signal }),
    response: message(execution.SubmitResponseSchema, { result: submitResult }),
  },
  cancel: {
    request: message(execution.CancelRequestSchema, { command: cancelCommand }),
    response: message(execution.CancelResponseSchema, { result: commandResult }),
  },
  amend: {
    request: message(execution.AmendRequestSchema, { command: amendCommand }),
    response: message(execution.AmendResponseSchema, { result: commandResult }),
  },
  replace: {
    request: message(execution.ReplaceRequestSchema, { command: replaceCommand }),
    response: message(execution.ReplaceResponseSchema, { result: submitResult }),
  },
  cancelAll: {
    request: message(execution.CancelAllRequestSchema, { command: scopedCommand }),
    response: message(execution.CancelAllResponseSchema, { result: cancelAllResult }),
  },
  flatten: {
    request: message(execution.FlattenRequestSchema, { command: scopedCommand }),
    response: message(execution.FlattenResponseSchema, { result: flattenResult }),
  },
  getOrder: {
    request: message(execution.GetOrderRequestSchema, { clientOrderId: text }),
    response: message(execution.GetOrderResponseSchema, { order: orUndefined(ledgerOrder) }),
  },
  listOpenOrders: {
    request: message(execution.ListOpenOrdersRequestSchema, {}),
    response: message(execution.ListOpenOrdersResponseSchema, { orders: list(ledgerOrder) }),
  },
  reconcile: {
    request: message(execution.ReconcileRequestSchema, {}),
    response: message(execution.ReconcileResponseSchema, { result: reconciliationResult }),
  },
  forget: {
    request: message(execution.ForgetRequestSchema, { command: forgetCommand }),
    response: message(execution.ForgetResponseSchema, { result: commandResult }),
  },
  resolveBreak: {
    request: message(execution.ResolveBreakRequestSchema, { command: resolveBreakCommand }),
    response: message(execution.ResolveBreakResponseSchema, { result: commandResult }),
  },
  getExecutionState: {
    request: message(execution.GetExecutionStateRequestSchema, {}),
    response: message(execution.GetExecutionStateResponseSchema, { state: executionState }),
  },
};
