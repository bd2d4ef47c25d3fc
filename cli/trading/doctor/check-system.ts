import type { StatusView } from '@tradewind/gateway';
import type { DataFolder } from '../data-folder.ts';
import { askGateway } from '../gateway-client.ts';
import type { Finding } from './finding.ts';

/** How a system that works on this data folder stands. */
export async function checkSystem(folder: DataFolder): Promise<readonly Finding[]> {
  const answer = await askGateway<StatusView>(folder, 'status');
  if (answer.ok) return judgeSystem(answer.value);
  const { reason, detail } = answer.error;
  if (reason === 'not_running') return [{ check: 'system', state: 'skipped', what: detail }];
  return [
    {
      check: 'system',
      state: 'wrong',
      what: detail,
      todo: 'tradewind halt stops it even so; then look into its log',
    },
  ];
}

export function judgeSystem({ execution, risk, markets, strategies }: StatusView): readonly Finding[] {
  const findings: Finding[] = [];
  const found = (state: Finding['state'], what: string, todo: string): void =>
    void findings.push({ check: 'system', state, what, todo });
  const soFar = (detail: string): string => (detail === '' ? '' : `: ${detail}`);
  if (execution.state !== 'ready') {
    found(
      execution.state === 'degraded' ? 'wrong' : 'warning',
      `order execution is ${execution.state}${soFar(execution.detail)}`,
      'it goes on by itself once the cause is gone; docs/operations.md tells what each state waits for',
    );
  }
  if (risk.state !== 'ready') {
    found('wrong', `the risk manager is ${risk.state}${soFar(risk.detail)}`, 'see that the database answers');
  }
  for (const { scope, state, cause } of risk.trips) {
    found(
      'warning',
      `${scope} is ${state}: ${cause}`,
      'once the cause is understood: tradewind resume with its scope',
    );
  }
  for (const { name, detail } of execution.breaks) {
    found(
      'wrong',
      `books and exchange differ: ${name}${soFar(detail)}`,
      `explain it, then tradewind breaks resolve "${name}" --why "..."`,
    );
  }
  for (const { symbol, feed, detail } of markets) {
    if (feed !== 'live')
      found('warning', `${symbol} is ${feed}${soFar(detail)}`, 'it connects again by itself');
  }
  for (const { strategy, state, detail } of strategies) {
    if (state === 'disabled')
      found(
        'warning',
        `${strategy} is disabled${soFar(detail)}`,
        `mend it, then tradewind strategies start ${strategy}`,
      );
  }
  return findings.length > 0
    ? findings
    : [{ check: 'system', state: 'good', what: 'it runs and is ready to trade' }];
}
