import { spawn } from 'node:child_process';
import { RigRefusal } from '../../../../contract';
import type { Originate, Sending } from '../programs';

/** The vendor's command, as the target file has it. */
export interface OriginateCommand {
  readonly program: string;
  /** `{count}`, `{seq}`, `{frame}`, `{adapter}` and `{guid}` are replaced where they are a whole argument. */
  readonly arguments: readonly string[];
}

const PLACEHOLDERS: readonly (keyof Sending)[] = ['count', 'seq', 'frame', 'adapter', 'guid'];
/** A process that was ended by us, or by Windows. */
const STOPPED = -1;

/**
 * @throws RigRefusal (environment) for a placeholder inside an argument
 */
export function realOriginate({ program, arguments: words }: OriginateCommand): Originate {
  const inside = words.find((word) => PLACEHOLDERS.some((name) => word.includes(`{${name}}`) && word !== `{${name}}`));
  if (inside !== undefined) {
    throw new RigRefusal(
      'environment',
      `The originate command of the target file has a placeholder inside an argument ("${inside}"): make it an argument of its own.`,
    );
  }
  return {
    takesFrames: words.includes('{frame}'),
    start(sending) {
      const child = spawn(
        program,
        words.map((word) => filledIn(word, sending)),
        {
          stdio: 'ignore',
          shell: false,
          windowsHide: true,
        },
      );
      const ended = new Promise<number>((resolve, reject) => {
        child.on('error', ({ message }) =>
          reject(new RigRefusal('environment', `The originate command could not be started: ${message}.`)),
        );
        child.on('exit', (code) => resolve(code ?? STOPPED));
      });
      return { ended, stop: () => void child.kill('SIGKILL') };
    },
  };
}

function filledIn(word: string, sending: Sending): string {
  const name = PLACEHOLDERS.find((placeholder) => word === `{${placeholder}}`);
  return name === undefined ? word : String(sending[name]);
}
