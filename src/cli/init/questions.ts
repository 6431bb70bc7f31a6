import type { Inspection, Known } from '../../../adapters/emulator/inspect';
import type { Prompt } from '../prompt';
import { shownOpens } from './findings';

/** What a person said. */
export interface Answers {
  readonly known: Pick<Known, 'driver' | 'service' | 'device' | 'file'>;
  /** `write`, `none`, or a control code, as it was typed; undefined when there is nothing to ask it through. */
  readonly send: string | undefined;
  readonly out: string;
}

/**
 * Asks what the dry runs could not tell for sure; an empty answer takes what they showed.
 * @param out where the profile goes unless the person says otherwise
 */
export async function askAbout(prompt: Prompt, { draft, devices, opens }: Inspection, out: string): Promise<Answers> {
  const driver = await prompt.ask('What shall reports call the driver', draft.driver);
  const service = await prompt.ask('Its service (AddService of the INF)', draft.service);
  const device = await prompt.ask(
    'The device that applications open (- for none)',
    draft.open?.device ?? devices[0]?.name ?? '-',
  );
  if (device === '-')
    return { known: { driver, service }, send: undefined, out: await prompt.ask('Write the profile to', out) };
  const ways = shownOpens(opens).filter((way) => way.opens && way.device === device);
  const seen = ways.length > 0 ? ` (${ways.map(({ file }) => file || '-').join(' or ')} opened)` : '';
  const file = await prompt.ask(
    `What follows the device's name${seen}, - for nothing`,
    (draft.open?.file ?? ways[0]?.file ?? '') || '-',
  );
  const send = await prompt.ask(
    'How does your application make it send a frame: write, a control code (0x… or CTL_CODE(…)), or none',
    draft.send ? sendText(draft.send) : 'none',
  );
  return {
    known: { driver, service, device, file: file === '-' ? '' : file },
    send,
    out: await prompt.ask('Write the profile to', out),
  };
}

function sendText({ code }: NonNullable<Inspection['draft']['send']>): string {
  return code === undefined ? 'write' : `0x${code.toString(16)}`;
}
