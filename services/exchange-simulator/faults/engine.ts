import { err, ok, type Result } from '@tradewind/core/result';
import { type ActionPorts, Actions } from './actions.ts';
import { AnswerChanges } from './answer-changes.ts';
import { type AddressControls, Deeds } from './deeds.ts';
import { type MessageFacts, messageTest, type RequestFacts, requestTest } from './facts.ts';
import { LaggingView } from './lagging-view.ts';
import { textTest } from './patterns.ts';
import { checkAgainst } from './plan-check.ts';
import {
  type Action,
  type EventFault,
  type Fault,
  type FaultPlan,
  isEventFault,
  isMessageFault,
  isRequestFault,
  isSocketFault,
  type MessageFault,
  type RequestFault,
  type SocketFault,
  type Span,
} from './plan-schema.ts';
import type { FaultPlanProblem } from './read-plan.ts';
import { type RequestFate, requestFate } from './request-fate.ts';
import { type Rule, struckBy } from './rule.ts';
import { randomOfFault, Selection } from './selection.ts';

/** All that faults act upon. */
export interface FaultPorts extends ActionPorts {
  readonly addresses: AddressControls;
}

/** One fault of the installed plan and what it has done. */
export interface FaultStatus {
  readonly name: string;
  readonly fault: Fault['fault'];
  /** How many occurrences matched while it was its time. */
  readonly seen: number;
  /** How many of them it struck. */
  readonly struck: number;
  /** Why what it wanted could not be done, the last time that it could not. */
  readonly problem?: string;
}

/**
 * The installed fault plan: decides what strikes whom. Without a plan nothing of it is in the way, and every answer and
 * message is what it would be without this layer. The same plan, seed and course of events give the same misbehaviour.
 */
export class FaultEngine {
  readonly lagging: LaggingView;
  readonly changes: AnswerChanges;
  private readonly deeds: Deeds;
  readonly ports: FaultPorts;
  private readonly actions: Actions;
  private readonly problems = new Map<string, string>();
  private requests: readonly Rule<RequestFault, RequestFacts>[] = [];
  private events: readonly Rule<EventFault, MessageFacts>[] = [];
  private messages: readonly Rule<MessageFault, MessageFacts>[] = [];
  private sockets: readonly Rule<SocketFault, string>[] = [];
  private plan: FaultPlan = { faults: [] };
  private all: readonly { readonly name: string; readonly fault: Fault; readonly selection: Selection }[] =
    [];

  constructor(ports: FaultPorts) {
    this.ports = ports;
    this.lagging = new LaggingView(ports.exchange, ports.clock);
    this.changes = new AnswerChanges(ports.clock);
    this.deeds = new Deeds(ports.exchange, ports.addresses, this.problems);
    this.actions = new Actions(ports, this.problems);
  }

  /** Takes the place of the plan before it. Refused when it names symbols, accounts or assets that do not exist. */
  install(plan: FaultPlan): Result<void, FaultPlanProblem> {
    const problem = checkAgainst(plan, this.ports.exchange);
    if (problem !== undefined) return err(problem);
    const installedAtMs = this.ports.clock.elapsedMs();
    const named = plan.faults.map((fault, index) => ({
      fault,
      name: fault.name ?? `${fault.fault}-${index + 1}`,
      selection: new Selection(whenOf(fault), randomOfFault(plan.seed ?? 1, index), installedAtMs),
    }));
    const ruled = <Kind extends Fault, Facts>(
      isKind: (fault: Fault) => fault is Kind,
      test: (fault: Kind) => (facts: Facts) => boolean,
    ): Rule<Kind, Facts>[] =>
      named.flatMap(({ fault, ...rest }) =>
        isKind(fault) ? [{ ...rest, fault, matches: test(fault) }] : [],
      );
    this.problems.clear();
    this.plan = plan;
    this.all = named;
    this.requests = ruled(isRequestFault, ({ where }) => requestTest(where));
    this.events = ruled(isEventFault, ({ where }) => messageTest(where));
    this.messages = ruled(isMessageFault, ({ where }) => messageTest(where));
    this.sockets = ruled(isSocketFault, ({ where }) => textTest(where?.path));
    this.lagging.record(longestLag(plan.faults));
    this.actions.install(ruled(isAction, ({ on_request }) => requestTest(on_request?.where)));
    return ok(undefined);
  }

  /** Has something done to the exchange at once. Refused when it cannot be done. */
  perform(action: Action): Result<void, FaultPlanProblem> {
    const missing = checkAgainst({ faults: [action] }, this.ports.exchange);
    if (missing !== undefined) return err(missing);
    const problem = this.actions.perform(action);
    return problem === undefined ? ok(undefined) : err({ fields: [{ field: action.fault, what: problem }] });
  }

  /** Everything behaves again; what has been done to the exchange stays done. */
  clear(): void {
    this.install({ faults: [] });
  }

  get installed(): FaultPlan {
    return this.plan;
  }

  status(): FaultStatus[] {
    return this.all.map(({ name, fault, selection }) => {
      const problem = this.problems.get(name);
      const status = { name, fault: fault.fault, seen: selection.seen, struck: selection.struck };
      return problem === undefined ? status : { ...status, problem };
    });
  }

  /** False: requests need not be looked at. */
  get concernsRequests(): boolean {
    return this.requests.length > 0 || this.actions.concernRequests;
  }
  get concernsEvents(): boolean {
    return this.events.length > 0;
  }
  get concernsMessages(): boolean {
    return this.messages.length > 0;
  }
  get concernsSockets(): boolean {
    return this.sockets.length > 0;
  }

  fateOf(facts: RequestFacts): RequestFate {
    return requestFate(struckBy(this.requests, facts, this.ports.clock.elapsedMs()));
  }

  /** Carries a request out, seeing the past where queries lag, with all that is to be done before and after it. */
  around<T>({ deeds, lagMs }: RequestFate, facts: RequestFacts, request: () => T): T {
    return this.actions.around(facts, () =>
      this.deeds.around(deeds, facts, () => (lagMs === 0 ? request() : this.lagging.during(lagMs, request))),
    );
  }

  struckEvent(facts: MessageFacts): Rule<EventFault, MessageFacts>[] {
    return struckBy(this.events, facts, this.ports.clock.elapsedMs());
  }

  struckMessage(facts: MessageFacts): Rule<MessageFault, MessageFacts>[] {
    return struckBy(this.messages, facts, this.ports.clock.elapsedMs());
  }

  /** The first fault of a kind that strikes a socket with this path now, with what it draws. */
  struckSocket<Kind extends SocketFault['fault']>(
    kind: Kind,
    path: string,
  ):
    | { readonly fault: Extract<SocketFault, { fault: Kind }>; readonly draw: (span: Span) => number }
    | undefined {
    const ofKind = this.sockets.filter(({ fault }) => fault.fault === kind);
    const [first] = struckBy(ofKind, path, this.ports.clock.elapsedMs());
    if (first === undefined) return undefined;
    const fault = first.fault as Extract<SocketFault, { fault: Kind }>;
    return { fault, draw: (span) => first.selection.draw(span) };
  }
}

const isAction = (fault: Fault): fault is Action =>
  !isRequestFault(fault) && !isEventFault(fault) && !isMessageFault(fault) && !isSocketFault(fault);

/** Actions keep their own times; on requests they are chosen as request faults are. */
function whenOf(fault: Fault): ConstructorParameters<typeof Selection>[0] {
  return isAction(fault) ? fault.on_request?.when : fault.when;
}

function longestLag(faults: readonly Fault[]): number {
  const lags = faults.flatMap((fault) => (fault.fault === 'lag_queries' ? [fault.ms].flat() : []));
  return Math.max(0, ...lags);
}
