/** Holds an adapter against the protocol, one thing after the other. What did something wrong is not asked again: a new one is. */
import type { AdapterCheck } from './check';
import { InTheWay, NotTried, Wrong, type Said } from './conversation';
import { helloChecks, lineChecks } from './line-checks';
import { endChecks, requestChecks } from './request-checks';
import { rigChecks } from './rig-checks';
import { Tester, type TesterOptions } from './tester';
import { traceChecks } from './trace-checks';

export type { Said } from './conversation';
export type { TesterOptions } from './tester';

export const ADAPTER_CHECKS: readonly AdapterCheck[] = [
  ...helloChecks,
  ...lineChecks,
  ...requestChecks,
  ...rigChecks,
  ...traceChecks,
  ...endChecks,
];

export interface CheckResult {
  readonly id: string;
  /** What the protocol says. */
  readonly says: string;
  readonly verdict: 'ok' | 'wrong' | 'not tried';
  /** What is wrong, or why it was not tried. */
  readonly found?: string;
  /** What was said on the way to it; only when it is wrong. */
  readonly said?: readonly Said[];
  /** Not tried, because the driver under test cannot be loaded, attached or restarted there. */
  readonly blocked?: true;
}

/**
 * @param options how the adapter is started, and how long it may take for an answer
 * @param onResult called after each check
 * @param only ids of the checks to make; default: all
 * @returns one result a check, in order. When it does not even answer `hello`, nothing else is tried
 */
export async function checkAdapter(
  options: TesterOptions,
  onResult: (result: CheckResult) => void = () => undefined,
  only?: readonly string[],
): Promise<CheckResult[]> {
  const tester = new Tester(options);
  const results: CheckResult[] = [];
  for (const check of ADAPTER_CHECKS) {
    if (only && !only.includes(check.id)) continue;
    const result = await tryOne(check, tester);
    results.push(result);
    onResult(result);
    if (check.id === 'hello.answers' && result.verdict === 'wrong') break;
  }
  await tester.end();
  return results;
}

async function tryOne(check: AdapterCheck, tester: Tester): Promise<CheckResult> {
  const { id, says } = check;
  let well = false;
  try {
    await check.try(tester);
    well = true;
    return { id, says, verdict: 'ok' };
  } catch (failure) {
    if (failure instanceof NotTried) {
      const blocked = failure instanceof InTheWay;
      return { id, says, verdict: 'not tried', found: failure.message, ...(blocked && { blocked }) };
    }
    if (!(failure instanceof Wrong)) throw failure;
    return { id, says, verdict: 'wrong', found: failure.message, said: tester.said };
  } finally {
    await tester.over(well);
  }
}
