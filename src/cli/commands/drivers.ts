import { registeredDrivers } from '../../../adapters/simulator/drivers';
import type { AddCommand } from '../command';
import { columns } from '../columns';

/** `lwf drivers`: the drivers that ship with the kit. */
export const addDrivers: AddCommand = (program, { terminal }) => {
  program
    .command('drivers')
    .description('list the simulated drivers that ship with the kit, for `lwf run --driver NAME`')
    .action(() => {
      const rows = [...registeredDrivers].map(([name, { kind, breaks, story }]) => [
        name,
        kind,
        breaks ?? '',
        firstSentence(story),
      ]);
      terminal.out(columns([['NAME', 'KIND', 'BREAKS', 'STORY'], ...rows]));
    });
};

function firstSentence(story: string): string {
  return /^.*?[.!?](?=\s|$)/s.exec(story.trim())?.[0].replace(/\s+/g, ' ') ?? story;
}
