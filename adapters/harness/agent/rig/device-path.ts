/** Which device of Windows a profile means, and that it is one that a driver may be asked by. */
import { RigRefusal } from '../../../contract';

/** Of disks, files and pipes, under whatever name: what is written there is not put to a filter. */
const OTHERS = new RegExp(
  `^(?:${[
    'harddisk.*|physicaldrive.*|volume.*|cdrom.*|floppy.*|physicalmemory|[a-z]:',
    'boot(?:device|partition)|system(?:partition|root)|(?:storage|scsi|ide|usbstor|sd)#.*',
    'mup|unc|lanmanredirector|webdavredirector|globalroot|global|namedpipe|pipe|mailslot',
  ].join('|')})$`,
  'i',
);
const LONGEST = 512;

/**
 * @param device as the profile has it, with its placeholders filled in: `\Device\MyDriver`, `\DosDevices\MyDriver`, `\??\MyDriver` or `\\.\MyDriver`
 * @param fileName what follows it: empty, or with the backslash in front
 * @returns the path in the namespace of the object manager
 * @throws RigRefusal (environment) for what is no device of a driver's own
 */
export function devicePath(device: string, fileName: string): string {
  const named = /^\\(device|dosdevices|\?\?|global\?\?|\\\.)\\(?:global\\)?([^\\/:]{1,200})$/i.exec(device);
  const [, folder = '', name = ''] = named ?? [];
  if (!named || OTHERS.test(name) || /^\.*$/.test(name) || hasControls(device)) {
    throw wrong(
      `"${device}" is no device that the profile can have opened: \\Device\\NAME or \\\\.\\NAME, of the driver itself`,
    );
  }
  if (fileName.length > LONGEST || hasControls(fileName)) throw wrong('The "file" that the profile opens is no text');
  return `${folder.toLowerCase() === 'device' ? '\\Device' : '\\??'}\\${name}${fileName}`;
}

function hasControls(text: string): boolean {
  return [...text].some((letter) => letter < ' ');
}

function wrong(message: string): RigRefusal {
  return new RigRefusal('environment', `${message}.`);
}
