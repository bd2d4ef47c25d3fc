import { readFile } from 'node:fs/promises';
import { err, ok, type Result } from '@tradewind/core/result';
import type { RiskLimits } from '@tradewind/core/risk';
import type { z } from 'zod';
import { nameProblemIn, shownName, tooDeepAt } from './json-names.ts';
import { limitsOf, RISK_LIMITS_FILE } from './schema.ts';

/** Why a file of risk limits cannot be used, field by field. */
export interface RiskLimitsProblem {
  readonly kind: 'unreadable' | 'not_json' | 'not_limits';
  readonly file: string;
  /** Fields (like account.drawdown_maximum) with what is wrong about each; empty when the file as a whole is. */
  readonly fields: readonly { readonly field: string; readonly what: string }[];
  readonly what: string;
}

export interface ReadLimits {
  readonly limits: RiskLimits;
  /** The file's content, for a hash that says which limits a result is under. */
  readonly content: object;
}

/** Reads a file of limits. */
export async function readRiskLimits(file: string): Promise<Result<ReadLimits, RiskLimitsProblem>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const what = code === 'ENOENT' ? 'there is no such file' : `it cannot be read: ${message}`;
    return err({ kind: 'unreadable', file, fields: [], what });
  }
  return parseRiskLimits(text, file);
}

/**
 * Reads limits from JSON. Strict: an unknown field is an error, and so is a limit that is left out, or there twice.
 * @param file  its name, for the problems
 */
export function parseRiskLimits(text: string, file: string): Result<ReadLimits, RiskLimitsProblem> {
  if (tooDeepAt(text) !== undefined)
    return err({ kind: 'not_json', file, fields: [], what: 'it is nested too deeply' });
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (error) {
    return err({
      kind: 'not_json',
      file,
      fields: [],
      what: `it is not JSON: ${(error as SyntaxError).message}`,
    });
  }
  const problem = nameProblemIn(text);
  if (problem !== undefined) {
    const fields = [{ field: problem.name, what: problem.what }];
    return err({ kind: 'not_limits', file, fields, what: 'these are no risk limits' });
  }
  const read = RISK_LIMITS_FILE.safeParse(body, { reportInput: true });
  if (read.success) {
    const { $schema: _, ...content } = read.data;
    return ok({ limits: limitsOf(read.data), content });
  }
  const fields = read.error.issues.flatMap(fieldProblemsOf);
  return err({ kind: 'not_limits', file, fields, what: 'these are no risk limits' });
}

/** One sentence: the file, and the first fields that are wrong. */
export function describeRiskLimitsProblem({ file, fields, what }: RiskLimitsProblem): string {
  if (fields.length === 0) return `${file}: ${what}`;
  const told = fields.slice(0, FIELDS_TOLD).map((each) => `field ${each.field}: ${each.what}`);
  const more = fields.length > FIELDS_TOLD ? `; and ${fields.length - FIELDS_TOLD} more` : '';
  return `${file}: ${told.join('; ')}${more}`;
}

const FIELDS_TOLD = 3;

/** What one complaint of the schema says to a person. */
export function fieldProblemsOf(issue: z.core.$ZodIssue): { field: string; what: string }[] {
  const at = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      field: [...at, shownName(key)].join('.'),
      what: 'there is no such field',
    }));
  }
  const field = at.join('.') || '(the whole file)';
  if (issue.code === 'invalid_key') return [{ field, what: issue.issues[0]?.message ?? issue.message }];
  if (issue.code === 'invalid_union') return [{ field, what: whatOfUnion(issue) }];
  const isMissing = issue.code === 'invalid_type' && issue.input === undefined;
  return [{ field, what: isMissing ? 'is missing' : issue.message }];
}

/** A limit is "none" or a value; what is wrong with the value says more than that it is not "none". */
function whatOfUnion({ input, errors }: z.core.$ZodIssueInvalidUnion): string {
  if (input === undefined) return MISSING_LIMIT;
  const ofValue = errors.at(-1) ?? [];
  const [first] = ofValue.flatMap(fieldProblemsOf);
  if (first === undefined) return MISSING_LIMIT;
  return first.field.startsWith('(') ? first.what : `${first.field} ${first.what}`;
}

const MISSING_LIMIT = 'is missing; a limit is a value or "none", and none has a default';
