import { Option } from 'commander';
import { CannotJudge } from '../../conformance/cannot-judge';
import { playDefects } from '../../conformance/play-defects';
import { explainDump } from '../../dump';
import { dumpText } from '../../reporting/dump/dump-text';
import { explainedDump } from '../../reporting/dump/explained-dump';
import { readFeatures } from '../../reporting/features/read-features';
import { disputes, rule as ruleOf, type Dispute } from '../../rules';
import type { AddCommand } from '../command';
import { dumpFile } from '../dump-file';
import { disputeText, ruleText } from '../explain-text';
import { featureFiles } from '../feature-files';
import { DEFAULT_SEED, knownRule } from '../options';
import { hitsText, search } from '../search';
import type { Terminal } from '../terminal';

const LOOKS_LIKE_A_RULE = /^@?[A-Za-z]{2,3}-\d+$/;
const LOOKS_LIKE_A_DISPUTE = /^[CU]\d{1,2}$/i;

interface ExplainOptions {
  readonly dump?: string;
  readonly json: boolean;
  readonly all: boolean;
  readonly play: boolean;
}

/** `lwf explain`: what a rule says, where it comes from, the scenarios that specify it; and what a bluescreen says of rules. */
export const addExplain: AddCommand = (program, { terminal }) => {
  program
    .command('explain')
    .description(
      'tell what a rule (PAU-07) or a dispute (C4) is about, search rules, scenarios and drivers for a text, or explain a bluescreen',
    )
    .argument('[rule-or-text...]', 'id of a rule or a dispute, or words to look for')
    .option('--dump <file>', 'text of WinDbg’s !analyze -v (or what somebody pasted of it); - for standard input')
    .option('--all', 'with words: show every hit', false)
    .option('--play', 'with a rule: play its scenarios on the drivers that break it, and tell how they end', false)
    .addOption(new Option('--json', 'with --dump: write what is known as JSON (dump/1)').default(false, 'text'))
    .addHelpText('after', '\nA text that is of no crash ends with exit code 2. docs/explain-a-dump.md tells more.')
    .action(async (words: string[], options: ExplainOptions) => {
      const asked = words.join(' ').trim();
      if (options.dump !== undefined) {
        if (asked !== '') throw new CannotJudge(`Give either --dump FILE or words to look for ("${asked}"), not both.`);
        await explainFile(options.dump, options.json, terminal);
        return;
      }
      if (options.json) throw new CannotJudge('--json belongs to --dump FILE.');
      if (asked === '')
        throw new CannotJudge('Say what to explain: a rule (PAU-07), a dispute (C4), words, or --dump FILE.');
      if (options.play) {
        const rule = ruleOf(knownRule(asked));
        terminal.out(ruleText(rule, readFeatures(featureFiles()), await playDefects(rule.id, DEFAULT_SEED)));
        return;
      }
      terminal.out(explain(asked, options.all));
    });
};

async function explainFile(file: string, json: boolean, terminal: Terminal): Promise<void> {
  const crashes = explainDump(await dumpFile(file));
  const name = file === '-' ? 'standard input' : file;
  if (crashes.length === 0) {
    throw new CannotJudge(
      `${name} tells of no crash: there is no bugcheck in it and no call stack. Give the text that WinDbg writes for !analyze -v.`,
    );
  }
  const dump = explainedDump(crashes, readFeatures(featureFiles()));
  terminal.out(json ? `${JSON.stringify(dump, null, 2)}\n` : dumpText(name, dump, terminal.colour));
}

function explain(asked: string, all: boolean): string {
  const features = readFeatures(featureFiles());
  if (LOOKS_LIKE_A_RULE.test(asked)) return ruleText(ruleOf(knownRule(asked)), features);
  if (LOOKS_LIKE_A_DISPUTE.test(asked)) return disputeText(knownDispute(asked.toUpperCase()));
  const hits = search(asked, features);
  const [only] = hits;
  if (!only) {
    throw new CannotJudge(`Nothing mentions "${asked}". Try a DDI (FilterPause), an area (pause) or one word.`);
  }
  return hits.length === 1 && only.kind === 'rule' ? ruleText(ruleOf(only.id), features) : hitsText(hits, all);
}

function knownDispute(id: string): Dispute {
  const found = disputes.find((dispute) => dispute.id === id);
  if (found) return found;
  const [first, last] = [disputes[0]?.id, disputes.at(-1)?.id];
  throw new CannotJudge(
    `There is no dispute ${id}. They run from ${first} to ${last}; a rule's own are shown by \`lwf explain RULE\`.`,
  );
}
