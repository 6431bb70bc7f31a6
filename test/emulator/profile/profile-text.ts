import { BadProfile, readProfile } from '../../../adapters/emulator/profile';

/** The three keys that every profile has, in three lines. */
export const HEAD = 'profile: 1\ndriver: mydriver\nservice: mydriver\n';
/** Two lines more. */
export const OPEN = 'open:\n  device: \\Device\\MyDriver\n';

export function read(text: string) {
  return readProfile(text, 'my.yaml');
}

/** @returns the message of a profile that cannot be read */
export function complaint(text: string): string {
  try {
    read(text);
  } catch (error) {
    if (error instanceof BadProfile) return error.message;
    throw error;
  }
  return '';
}

export function hex(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString('hex');
}
