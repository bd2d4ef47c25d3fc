import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ROUTES } from '../control/routes.ts';
import { ERROR_NAMES, FAULT_PLAN_FILE } from './plan-schema.ts';
import { describeFaultPlanProblem, readFaultPlan } from './read-plan.ts';

const PAGE = readFileSync(new URL('../../../docs/exchange-simulator.md', import.meta.url), 'utf8');

test('every kind of fault stands in a table of the documentation, and every error by name', () => {
  const kinds = FAULT_PLAN_FILE.shape.faults.element.options.map(({ shape }) => shape.fault.value);
  const rows = PAGE.split('\n').filter((line) => line.startsWith('| '));
  for (const name of [...kinds, ...ERROR_NAMES]) {
    expect(
      rows.some((row) => row.includes(`\`${name}\``)),
      name,
    ).toBe(true);
  }
});

test('the plan of the documentation is one', () => {
  const [, example = ''] = /```json\n([\s\S]*?)```/.exec(PAGE) ?? [];
  const plan = readFaultPlan(JSON.parse(example));
  expect(plan.ok ? '' : describeFaultPlanProblem(plan.error)).toBe('');
});

test('every path of the control port is documented', () => {
  const documented = PAGE.slice(PAGE.indexOf('## The control port'));
  for (const { path } of ROUTES) expect(documented).toContain(path.replace('/oracle/', '/'));
});

test('every row of the fault catalogue that is on the wire has its place', () => {
  const table = PAGE.slice(PAGE.indexOf('### Which faults inject'), PAGE.indexOf('## The control port'));
  const rows = { O: 16, U: 11, M: 15, R: 6, C: 5, B: 8 };
  for (const [group, count] of Object.entries(rows)) {
    for (let number = 1; number <= count; number += 1)
      expect(table).toMatch(new RegExp(`\\b${group}${number}\\b`));
  }
});
