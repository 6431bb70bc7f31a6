/** Whether anything can be judged on a machine as it is. */
import type { Greeting } from '../../../adapters/harness/protocol';
import type { Target } from '../../../adapters/harness/target';
import { kitVersion, packageName } from '../kit-root';

/**
 * @param machine as it has said hello
 * @param image hash of the image under test at the beginning of the run; undefined where there was none
 * @returns why nothing can be judged there, and what to do; undefined when it can
 */
export function unfit(
  { agent, os, levels, driver }: Greeting,
  target: Target,
  image: string | undefined,
): string | undefined {
  if (agent !== kitVersion) {
    return (
      `the agent there is of ${packageName} ${agent}, and this is ${kitVersion}. Install the same there: ` +
      `npm install --prefix "${target.agent.folder}" ${packageName}@${kitVersion}`
    );
  }
  if (os.wine) return 'this is Wine and no Windows: what a driver does there says nothing';
  if (target.driver.probe && !levels.white)
    return 'the target file says that the driver has the probe in it, and the machine cannot hear it: look at what `lwf doctor --target` says';
  if (driver?.sha256 !== image) return 'the image of the driver there is another one than at the beginning of the run';
  if (!levels.white && !levels.black) return 'it can observe nothing: look at what `lwf doctor --target` says';
  return undefined;
}
