import { err, ok, type Result } from '@tradewind/core/result';
import type { z } from 'zod';
import { ACTION, type Action, FAULT_PLAN_FILE, type FaultPlan } from './plan-schema.ts';

/** Why something is no fault plan: its fields with what is wrong about each. */
export interface FaultPlanProblem {
  readonly fields: readonly { readonly field: string; readonly what: string }[];
}

/** Checks parsed JSON strictly: an unknown kind of fault or an unknown field is an error. */
export function readFaultPlan(body: unknown): Result<FaultPlan, FaultPlanProblem> {
  const read = FAULT_PLAN_FILE.safeParse(body, { reportInput: true });
  if (read.success) {
    const twice = firstDouble(read.data.faults.flatMap(({ name }) => name ?? []));
    if (twice === undefined) return ok(read.data);
    return err({ fields: [{ field: 'faults', what: `the name ${twice} is given to two faults` }] });
  }
  return err({ fields: read.error.issues.flatMap(fieldsOf) });
}

/** Checks one action that is to be done at once. */
export function readAction(body: unknown): Result<Action, FaultPlanProblem> {
  const read = ACTION.safeParse(body, { reportInput: true });
  return read.success ? ok(read.data) : err({ fields: read.error.issues.flatMap(fieldsOf) });
}

/** One sentence with the first fields that are wrong. */
export function describeFaultPlanProblem({ fields }: FaultPlanProblem): string {
  const told = fields.slice(0, FIELDS_TOLD).map(({ field, what }) => `field ${field}: ${what}`);
  const more = fields.length > FIELDS_TOLD ? `; and ${fields.length - FIELDS_TOLD} more` : '';
  return `${told.join('; ')}${more}`;
}

const FIELDS_TOLD = 3;

const firstDouble = (names: readonly string[]): string | undefined =>
  names.find((name, index) => names.indexOf(name) !== index);

function fieldsOf(issue: z.core.$ZodIssue): { field: string; what: string }[] {
  const at = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ field: [...at, key].join('.'), what: 'there is no such field' }));
  }
  const field = at.join('.') || '(the whole plan)';
  if (issue.code === 'invalid_union') return [{ field, what: whatOfUnion(issue) }];
  const isMissing = issue.code === 'invalid_type' && issue.input === undefined;
  return [{ field, what: isMissing ? 'is missing' : issue.message }];
}

function whatOfUnion({ input, errors, discriminator }: z.core.$ZodIssueInvalidUnion): string {
  if (discriminator !== undefined) return `there is no kind of fault ${JSON.stringify(kindIn(input))}`;
  const [first] = (errors.at(-1) ?? []).flatMap(fieldsOf);
  if (first === undefined) return 'is none of what it may be';
  return first.field.startsWith('(') ? first.what : `${first.field} ${first.what}`;
}

const kindIn = (input: unknown): unknown =>
  typeof input === 'object' && input !== null && 'fault' in input ? input.fault : input;
