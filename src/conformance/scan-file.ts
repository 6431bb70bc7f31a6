/** A look at a .sys file. It brings the emulator along: whoever scans nothing does without. */
import { BadImage } from '../../adapters/emulator/image';
import { scanDriver, type DriverScan } from '../../adapters/emulator/scan';
import { CannotJudge } from './cannot-judge';
import { imageAt } from './image-bytes';

/**
 * @param path of the .sys file; a .pdb beside it gives names
 * @throws CannotJudge when the file cannot be read, or is not a driver that can be run
 */
export function scanFile(path: string): DriverScan {
  const { image, pdb } = imageAt(path);
  try {
    return scanDriver(image, pdb);
  } catch (failure) {
    if (failure instanceof BadImage) throw new CannotJudge(`${path}: ${failure.message}`, { cause: failure });
    throw failure;
  }
}
