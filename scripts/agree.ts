/**
 * Do the simulator and the emulator say the same of the reference filter, scenario by scenario? Arguments: the runs of both. The last line
 * counts: `N agree, N differ`.
 */
import { readRun } from '../src/cli/reports';

const [simulated = '', emulated = ''] = process.argv.slice(2);
const verdicts = new Map(readRun(emulated).scenarios.map(({ id, verdict }) => [id, verdict]));
let agree = 0;
let differ = 0;
for (const { id, verdict } of readRun(simulated).scenarios) {
  const other = verdicts.get(id) ?? 'not played';
  if (other === verdict) {
    agree += 1;
    continue;
  }
  differ += 1;
  process.stdout.write(`${id}: ${verdict} on the simulator, ${other} on the emulator\n`);
}
process.stdout.write(`${agree} agree, ${differ} differ\n`);
process.exitCode = differ === 0 ? 0 : 1;
