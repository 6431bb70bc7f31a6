/**
 * Driver Verifier on the driver under test and on NDIS: without ndis.sys, what NDIS allocates for the driver is not verified.
 * @see https://learn.microsoft.com/windows-hardware/drivers/devtest/verifier-command-line
 * @see https://learn.microsoft.com/windows-hardware/drivers/devtest/ndis-wifi-verification
 */
import { RigRefusal } from '../../contract';
import { decodeVerifierSettings, type VerifierSettings } from '../decode/verifier';
import type { Offer, Watched } from '../protocol';
import type { Changes, UndoRunner } from './changes';
import type { Ports } from './ports';

/** Standard options (0x209BB) and NDIS/WIFI verification, where the rules are that a filter's pause and traffic come to an end in time. */
const FLAGS = 0x209bb | 0x200000;
const NDIS = 'ndis.sys';
export const UNDO_VERIFIER = 'verifier';

type Run = Pick<Ports, 'programs'>['programs'];

/** How Driver Verifier is to be from the next start of the machine on. */
interface Wanted {
  readonly flags?: string;
  readonly drivers: readonly string[];
}

/**
 * Sees to it that Driver Verifier watches the driver from the next start on; what it was is written down first.
 * @param again the run has brought it about before
 * @returns whether it does so now; where it does not, the machine has to be started again
 * @throws RigRefusal (environment) when it cannot be
 */
export async function watchDriver(
  programs: Run,
  changes: Pick<Changes, 'make'>,
  { target }: Offer,
  again: boolean,
): Promise<Watched> {
  const image = target?.driver.image?.toLowerCase();
  if (image === undefined)
    throw new RigRefusal(
      'environment',
      'Driver Verifier watches images, and the profile of the driver names none: say "image: mylwf.sys" in it.',
    );
  const wanted = { flags: hexOf(FLAGS), drivers: [image, NDIS] };
  const before = await settings(programs, '/querysettings');
  const isSet = sameSettings(before, wanted);
  if (!isSet) {
    requireKnown(before);
    const what = 'Driver Verifier is as it was, from the next start of the machine on';
    await changes.make({ verb: UNDO_VERIFIER, args: { ...before }, what }, () => apply(programs, wanted));
  }
  const now = await settings(programs, '/query');
  const watches = (name: string): boolean => now.drivers.includes(name);
  const isStrict = now.flags === undefined || (Number(now.flags) & FLAGS) === FLAGS;
  return { ...wanted, isActive: isStrict && watches(NDIS) && (again || watches(image)), isSet };
}

/**
 * All drivers may be verified (`/all`), which names none: nobody could bring that back.
 * @throws RigRefusal (environment)
 */
function requireKnown({ flags, drivers }: VerifierSettings): void {
  if (drivers.length === 0 ? Number(flags ?? 0) === 0 : flags !== undefined) return;
  throw new RigRefusal(
    'environment',
    'Driver Verifier has settings that could not be brought back afterwards, as `verifier /querysettings` does not tell both flags and drivers: take them back (verifier /reset), or run without "verifier: true"',
  );
}

/** @returns what takes it back, and does nothing where it is as it was */
export function undoVerifier(programs: Run): UndoRunner {
  return async ({ args }, still) => {
    const before = args as unknown as Wanted;
    if (sameSettings(await settings(programs, '/querysettings'), before)) return;
    still();
    await apply(programs, before);
  };
}

/** The machine is started again, in order and without asking anybody. */
export async function restartMachine(programs: Run): Promise<void> {
  const { code, stdout, stderr } = await programs.run('shutdown', ['/r', '/f', '/t', '0']);
  if (code !== 0) throw failed('shutdown', code, `${stdout}${stderr}`);
}

async function settings(programs: Run, query: '/query' | '/querysettings'): Promise<VerifierSettings> {
  const { code, stdout, stderr } = await programs.run('verifier', [query]);
  if (code !== 0) throw failed(`verifier ${query}`, code, `${stdout}${stderr}`);
  return decodeVerifierSettings(stdout);
}

/** 0 is done, 2 is done at the next start. */
async function apply(programs: Run, { flags, drivers }: Wanted): Promise<void> {
  const args = drivers.length === 0 ? ['/reset'] : ['/flags', flags ?? hexOf(FLAGS), '/driver', ...drivers];
  const { code, stdout, stderr } = await programs.run('verifier', args);
  if (code !== 0 && code !== 2) throw failed(`verifier ${args.join(' ')}`, code, `${stdout}${stderr}`);
}

/** Without drivers, nothing is verified, whatever the flags are. */
function sameSettings(one: Wanted, other: Wanted): boolean {
  if (one.drivers.length === 0 && other.drivers.length === 0) return true;
  const flagsOf = ({ flags }: Wanted): number => Number(flags ?? 0);
  return flagsOf(one) === flagsOf(other) && one.drivers.toSorted().join() === other.drivers.toSorted().join();
}

function hexOf(flags: number): string {
  return `0x${flags.toString(16).padStart(8, '0')}`;
}

function failed(command: string, code: number, words: string): RigRefusal {
  const said = words.trim().slice(0, 500);
  return new RigRefusal('environment', `${command} ended with exit code ${code}${said === '' ? '' : `: ${said}`}`);
}
