import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { FAULT_PLAN_FILE } from './plan-schema.ts';
import { describeFaultPlanProblem, readFaultPlan } from './read-plan.ts';

const complaintAbout = (body: unknown): string => {
  const plan = readFaultPlan(body);
  return plan.ok ? '' : describeFaultPlanProblem(plan.error);
};
const ofFault = (fault: object): string => complaintAbout({ faults: [fault] });

test('the schema for editors says what is checked', () => {
  const schema = new URL('../../../shared/schemas/fault-plan.schema.json', import.meta.url);
  expect(JSON.parse(readFileSync(schema, 'utf8'))).toEqual(
    z.toJSONSchema(FAULT_PLAN_FILE, { reused: 'ref' }),
  );
});

test('a plan is read as it is written', () => {
  const plan = {
    seed: 7,
    faults: [
      {
        fault: 'lose_answer',
        where: { endpoint: ['POST /api/v3/order', 'order.place'] },
        when: { rate: 0.1 },
      },
      { fault: 'delay_event', ms: [0, 5000], where: { event: 'executionReport', fields: { X: 'FILLED' } } },
      { fault: 'set_status', symbol: 'BTCUSDT', status: 'HALT', for_ms: 1000, when: { from_ms: 500 } },
    ],
  };
  expect(readFaultPlan({ $schema: 'fault-plan.schema.json', ...plan })).toMatchObject({
    ok: true,
    value: plan,
  });
});

test.each([
  {
    fault: { fault: 'loose_answer' },
    says: 'field faults.0.fault: there is no kind of fault "loose_answer"',
  },
  { fault: { fault: 'delay_answer' }, says: 'field faults.0.ms: is missing' },
  { fault: { fault: 'delay_answer', ms: -1 }, says: 'field faults.0.ms: ' },
  {
    fault: { fault: 'drop_event', where: { endpoint: 'x' } },
    says: 'field faults.0.where.endpoint: there is no such field',
  },
  { fault: { fault: 'drop_event', when: { rate: 1.5 } }, says: 'field faults.0.when.rate: ' },
  {
    fault: { fault: 'drop_event', when: { rate: 0.5, nth: 2 } },
    says: 'field faults.0.when: rate, nth and every exclude one another',
  },
  {
    fault: { fault: 'deposit', account: 1, asset: 'BTC', amount: 0.5 },
    says: 'field faults.0.amount: ',
  },
])('$fault is refused', ({ fault, says }) => {
  expect(ofFault(fault)).toContain(says);
});

test('what is no plan at all is told, and so are two faults of one name', () => {
  expect(complaintAbout([])).toContain('(the whole plan)');
  expect(complaintAbout({})).toBe('field faults: is missing');
  const twin = { fault: 'lose_request', name: 'twin' };
  expect(complaintAbout({ faults: [twin, twin] })).toBe('field faults: the name twin is given to two faults');
});
