/** The lab machine of a run, in words. */
import type { RunIdentity, ScenarioResult } from '../conformance';

/** @returns `lab-1: Windows 11 Pro, build 26100, AMD64; network adapter "Ethernet 2"` */
export function machineText({ name, os, adapter }: NonNullable<RunIdentity['machine']>): string {
  return `${name}: ${os.name}, build ${os.build}, ${os.arch}; network adapter "${adapter}"`;
}

/** @returns how the driver was built, as far as observing it goes */
export function buildText({ instrumented }: NonNullable<RunIdentity['machine']>): string {
  return instrumented ? 'with the probe header: not the build that ships' : 'as it ships, without the probe header';
}

/** @param boots of all scenarios @returns each start of the machine once, in order */
export function bootsText(boots: readonly (string | undefined)[]): string {
  return [...new Set(boots.filter((boot) => boot !== undefined))].join(', ');
}

/** @returns what became of the machine in a scenario, undefined where nothing did */
export function stopText({ machine }: Pick<ScenarioResult, 'machine'>): string | undefined {
  if (!machine?.stop) return undefined;
  const { words, folder, files = [], left = [], revived } = machine.stop;
  const kept =
    folder === undefined
      ? ''
      : ` What it knows of it is in ${folder}: ${files.length === 0 ? 'no dumps' : files.map(({ name }) => name).join(', ')}.`;
  const missing = left.length === 0 ? '' : ` Left on the machine: ${left.join('; ')}.`;
  return `${words}.${revived ? " The lab's commands brought it back." : ''}${kept}${missing}`;
}
