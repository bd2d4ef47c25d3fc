import { create } from '@bufbuild/protobuf';
import type { Wanted } from '@tradewind/core/risk';
import type {
  HaltOrder,
  HaltResult,
  Heartbeat,
  ResumeOrder,
  RiskEpoch,
  RiskState,
  Verdict,
} from '../contracts/risk-manager.ts';
import * as risk from '../generated/tradewind/v1/risk_manager_pb.js';
import { kinds } from './choice.ts';
import { type Codec, list } from './codec.ts';
import { commandResult } from './commands.ts';
import { committedEvent } from './events.ts';
import { wanted } from './orders.ts';
import { message, orUndefined, record } from './record.ts';
import { breakerScope, signalRefusal } from './refusal.ts';
import { breakerStates, checkResult, limitUse, riskLimits, trip, tripState } from './risk.ts';
import { equityAmount, flag, lower, text, whole } from './scalars.ts';

/** What a verdict says on the wire. That it approves is for the client of the risk manager alone to conclude. */
export type VerdictMessage =
  | (Omit<Extract<Verdict, { readonly kind: 'approved' }>, 'approved'> & { readonly approved: Wanted })
  | Extract<Verdict, { readonly kind: 'refused' }>;
type VerdictPart<Kind> = Omit<Extract<VerdictMessage, { readonly kind: Kind }>, 'kind'>;

const riskEpoch = record<RiskEpoch, risk.RiskEpoch>(risk.RiskEpochSchema, {
  run: text,
  changes: whole,
  letOn: whole,
  trips: list(trip),
});

const anyVerdict = kinds<VerdictMessage, risk.Verdict['verdict']>({
  approved: record<VerdictPart<'approved'>, risk.Approval>(risk.ApprovalSchema, {
    approved: wanted,
    checks: list(checkResult),
    epoch: riskEpoch,
  }),
  refused: record<VerdictPart<'refused'>, risk.Rejection>(risk.RejectionSchema, {
    refusal: signalRefusal,
    checks: list(checkResult),
  }),
});
const verdict: Codec<VerdictMessage, risk.Verdict> = {
  encode: (value) => create(risk.VerdictSchema, { verdict: anyVerdict.encode(value) }),
  decode: (message) => anyVerdict.decode(message.verdict),
};
const haltOrder = record<HaltOrder, risk.HaltOrder>(risk.HaltOrderSchema, {
  scope: breakerScope,
  state: tripState,
  cancelsOrders: flag,
  by: text,
  why: text,
});
const haltResult = record<HaltResult, risk.HaltResult>(risk.HaltResultSchema, {
  breakers: breakerStates,
  storedIn: list(text),
  canceled: list(text),
  unproven: list(text),
});
const resumeOrder = record<ResumeOrder, risk.ResumeOrder>(risk.ResumeOrderSchema, {
  scope: breakerScope,
  by: text,
  why: text,
});
const beat = record<Heartbeat, risk.Beat>(risk.BeatSchema, { epoch: whole, openOrders: whole });
const riskState = record<RiskState, risk.RiskState>(risk.RiskStateSchema, {
  state: lower(risk.RiskManagerState),
  detail: text,
  seq: whole,
  breakers: breakerStates,
  equityAsset: text,
  equity: orUndefined(equityAmount),
  dayStartEquity: orUndefined(equityAmount),
  peakEquity: orUndefined(equityAmount),
  uses: list(limitUse),
});

export const riskManagerMethods = {
  validate: {
    request: message(risk.ValidateRequestSchema, { wanted }),
    response: message(risk.ValidateResponseSchema, { verdict }),
  },
  withdraw: {
    request: message(risk.WithdrawRequestSchema, { clientOrderIds: list(text) }),
    response: message(risk.WithdrawResponseSchema, {}),
  },
  record: {
    request: message(risk.RecordRequestSchema, { events: list(committedEvent) }),
    response: message(risk.RecordResponseSchema, {}),
  },
  getLimits: {
    request: message(risk.GetLimitsRequestSchema, {}),
    response: message(risk.GetLimitsResponseSchema, { limits: riskLimits }),
  },
  getRiskState: {
    request: message(risk.GetRiskStateRequestSchema, {}),
    response: message(risk.GetRiskStateResponseSchema, { state: riskState }),
  },
  halt: {
    request: message(risk.HaltRequestSchema, { order: haltOrder }),
    response: message(risk.HaltResponseSchema, { result: haltResult }),
  },
  resume: {
    request: message(risk.ResumeRequestSchema, { order: resumeOrder }),
    response: message(risk.ResumeResponseSchema, { result: commandResult }),
  },
  heartbeat: {
    request: message(risk.HeartbeatRequestSchema, { beat }),
    response: message(risk.HeartbeatResponseSchema, { epoch: orUndefined(riskEpoch) }),
  },
};
