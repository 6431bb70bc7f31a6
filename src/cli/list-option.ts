import { InvalidArgumentError } from 'commander';

/**
 * Parser of options that may be given several times, or once with commas.
 * @throws InvalidArgumentError when the text names nothing
 */
export function listOption(text: string, before: readonly string[] = []): string[] {
  const parts = text.split(',').flatMap((part) => part.trim() || []);
  // A variable that a script forgot to set must not choose everything.
  if (parts.length === 0) throw new InvalidArgumentError('It names nothing.');
  return [...before, ...parts];
}
