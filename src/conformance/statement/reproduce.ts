/** The command that makes a run again, on any machine that has the driver's files. */
import type { RunIdentity } from '../identity';
import { packageName } from '../kit-root';
import type { RunPart } from '../results';
import { shellWord } from '../shell-word';
import { WAIVED, type StatementWaivers } from './statement';

/**
 * @param waivers that the run was held against: the enclosed list, on its day
 * @returns one line for a shell; files are named without their folders
 */
export function reproduceCommand(
  identity: RunIdentity,
  part?: Pick<RunPart, 'index' | 'of'>,
  waivers?: Pick<StatementWaivers, 'file' | 'on'>,
): string {
  const { kit, profile, adapter, machine, seed, conformance, selection } = identity;
  const { tags, rules = [], areas = [], paths = [] } = selection;
  const words = [
    ...['npx', '--package', `${packageName}@${kit}`, 'lwf', 'run'],
    ...subjectWords(identity),
    ...(profile && !machine ? ['--profile', `./${profile.file}`] : []),
    ...(adapter.engine === undefined ? [] : ['--engine', adapter.engine]),
    ...['--seed', String(seed), '--conformance', conformance],
    ...(tags === undefined ? [] : ['--tags', tags]),
    ...(rules.length > 0 ? ['--rule', rules.join(',')] : []),
    ...(areas.length > 0 ? ['--area', areas.join(',')] : []),
    ...(part ? ['--shard', `${part.index}/${part.of}`] : []),
    ...(waivers ? ['--waivers', `./${WAIVED}/${waivers.file.file}`, '--today', waivers.on] : []),
    ...paths,
  ];
  return words.map(shellWord).join(' ');
}

function subjectWords({ driver, adapter, machine }: RunIdentity): string[] {
  if (machine) return ['--target', `./${machine.target.file}`];
  if (adapter.command !== undefined) return ['--adapter', 'stdio', '--command', adapter.command];
  const file = driver.image ?? driver.module;
  return [driver.kind === 'adapter' ? '--adapter' : '--driver', file ? `./${file.file}` : driver.name];
}
