/**
 * Are the defects caught as machine code by the rule that catches them as TypeScript? Each image plays a few of the scenarios in which
 * its twin on the simulator broke its rule. Arguments: the kill matrix of the simulator, the folder of the images, and the part of
 * the drivers that is wanted, `1/2`. The last line counts: `N caught, N missed`.
 */
import { readMatrix } from '../src/cli/reports';
import { kitImage } from '../src/conformance';
import { openAdapter } from '../src/conformance/adapters';
import { Player } from '../src/conformance/player';
import { EXHIBIT_TAG } from '../src/conformance/rule-results';
import { featurePaths } from '../src/conformance/selection';

/** Scenarios a driver: where one fails to show the defect, something differs between simulator and emulator. */
const SCENARIOS = 3;
const SEED = 1;

const [matrixFile = '', images = '', part = '1/1'] = process.argv.slice(2);

async function main(): Promise<void> {
  const [index = 1, parts = 1] = part.split('/').map(Number);
  const { rows } = readMatrix(matrixFile);
  const player = await Player.prepare({ paths: featurePaths(undefined), tags: `not ${EXHIBIT_TAG}` });
  let caught = 0;
  let missed = 0;
  for (const { driver, breaks, killedBy } of rows.filter((_row, row) => row % parts === index - 1)) {
    const chosen = (killedBy[breaks] ?? []).slice(0, SCENARIOS);
    const adapter = openAdapter(kitImage(driver, images));
    const played = await player.playAll({ adapter, seed: SEED, evidence: 'violations' }, chosen);
    for (const { id, verdict, reason, violations } of played) {
      if (violations.some(({ rule }) => rule === breaks)) {
        caught += 1;
        continue;
      }
      missed += 1;
      process.stdout.write(`${driver} is not caught by ${breaks} in ${id}: ${verdict}${reason ? `, ${reason}` : ''}\n`);
    }
  }
  process.stdout.write(`${caught} caught, ${missed} missed\n`);
  process.exitCode = missed === 0 ? 0 : 1;
}

void main();
