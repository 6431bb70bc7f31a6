/** What a script for the target may be made of: a table of cmdlets, functions of its own, and no text that is run. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { CMDLETS, MADE, TYPES } from './cmdlets';

export interface Tree {
  readonly type: string;
  readonly line: number;
  readonly from: number;
  readonly to: number;
  readonly children: readonly Tree[];
}

/** @returns a tree for each file */
export function parsePowerShell(files: readonly string[]): readonly Tree[] {
  const program = join(__dirname, 'parse-powershell.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--liftoff-only', program, ...files], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (status !== 0) throw new Error(`The parser of PowerShell failed:\n${stderr}`);
  return JSON.parse(stdout) as Tree[];
}

/** The one place where a command of the table is run, as it must be written. */
const DISPATCH = '& $run @arguments';

export class Script {
  /** Names of its functions in small letters, each with those of its parameters. */
  private readonly functions = new Map<string, readonly string[]>();
  private readonly found: string[] = [];

  constructor(
    readonly source: string,
    private readonly root: Tree,
  ) {
    for (const each of this.all('function_statement')) {
      const [name] = this.below(each, 'function_name');
      const parameters = this.below(each, 'script_parameter').flatMap((one) => this.below(one, 'variable').slice(0, 1));
      if (name)
        this.functions.set(
          this.text(name).toLowerCase(),
          parameters.map((one) => this.text(one).slice(1)),
        );
    }
  }

  /** @returns what is wrong, a sentence each, in the order of its lines */
  findings(): readonly string[] {
    this.found.length = 0;
    this.visit(this.root, false);
    return this.found;
  }

  all(type: string): readonly Tree[] {
    return this.below(this.root, type);
  }

  text({ from, to }: Tree): string {
    return this.source.slice(from, to);
  }

  below(tree: Tree, type: string): readonly Tree[] {
    return tree.children.flatMap((child) => [...(child.type === type ? [child] : []), ...this.below(child, type)]);
  }

  private visit(tree: Tree, isThrown: boolean): void {
    switch (tree.type) {
      case 'ERROR':
      case 'MISSING':
        this.say(tree, 'cannot be parsed');
        break;
      case 'command':
        this.command(tree);
        break;
      case 'type_literal':
        if (!TYPES.includes(this.text(tree).replace(/^\[|\]$/g, '')))
          this.say(tree, `uses the type ${this.text(tree)}`);
        break;
      case 'variable':
        // A script that has it in it is read the whole standard input for.
        if (/^\$input$/i.test(this.text(tree))) this.say(tree, 'uses $input');
        break;
      case 'redirection':
        this.say(tree, 'writes to a file');
        break;
      case 'expandable_string_literal':
      case 'expandable_here_string_literal':
        // An error message is the only text into which values may go.
        if (!isThrown && tree.children.length > 0) this.say(tree, `builds a text: ${this.text(tree)}`);
        break;
      case 'member_name':
        if (!tree.children.some(({ type }) => type === 'simple_name'))
          this.say(tree, `takes a member by a name that it computes: ${this.text(tree)}`);
        break;
      default:
    }
    const isThrow = tree.type === 'flow_control_statement' && this.text(tree).startsWith('throw');
    for (const child of tree.children) this.visit(child, isThrown || isThrow);
  }

  private command(tree: Tree): void {
    const text = this.text(tree).trim();
    if (tree.children.some(({ type }) => type === 'command_invokation_operator')) {
      if (text !== DISPATCH) this.say(tree, `runs what it computes: ${text}`);
      return;
    }
    const [nameNode] = tree.children;
    // With one block, as the grammar takes it.
    if (nameNode?.type === 'foreach_command' && /^ForEach-Object\s*\{/.test(text)) return;
    const name = nameNode ? this.text(nameNode) : '';
    const own = this.functions.get(name.toLowerCase());
    const cmdlet = CMDLETS[name];
    if (!own && !cmdlet) {
      this.say(tree, `uses ${name}, which is not in the table`);
      return;
    }
    this.elements(tree, name, own ?? cmdlet?.parameters ?? [], cmdlet);
  }

  private elements(
    tree: Tree,
    name: string,
    known: readonly string[],
    cmdlet: (typeof CMDLETS)[string] | undefined,
  ): void {
    const elements = tree.children
      .flatMap((child) => (child.type === 'command_elements' ? child.children : []))
      .filter(({ type }) => type !== 'command_argument_sep');
    const given: string[] = [];
    let named: string | undefined;
    for (const element of elements) {
      const text = this.text(element);
      if (element.type === 'command_parameter') {
        named = text.replace(/^-|:.*$/g, '');
        given.push(named);
        if (!known.includes(named))
          this.say(element, `gives ${name} the parameter -${named}, which is not in the table`);
        continue;
      }
      const isBlock = this.below(element, 'script_block_expression').length > 0;
      if (named === undefined && !(cmdlet?.takesBlock && isBlock))
        this.say(element, `gives ${name} ${text} without a name`);
      if (element.type === 'generic_token' && !/^\w+$/.test(text)) this.say(element, `has ${text} without quotes`);
      if (text.startsWith('@') && !/^@[('"{]/.test(text)) this.say(element, `hands over ${text}, whatever is in it`);
      if (name === 'New-Object' && named === 'TypeName' && !MADE.includes(text.replaceAll("'", '')))
        this.say(element, `makes a ${text}`);
      named = undefined;
    }
    for (const required of cmdlet?.required ?? [])
      if (!given.includes(required)) this.say(tree, `does not give ${name} the parameter -${required}`);
  }

  private say({ line }: Tree, what: string): void {
    this.found.push(`${line}: ${what}`);
  }
}
