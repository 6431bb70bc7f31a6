/** Call stacks in the ways that debuggers print them: STACK_TEXT, k, kb, kn, kc, with symbols and without, whole and torn. */
import type { Line } from './lines';
import { hex } from './values';

export interface Frame {
  readonly line: Line;
  /** As printed, without `.sys`; absent for a bare address. */
  readonly module?: string;
  /** Absent where the debugger had no symbols. */
  readonly name?: string;
  readonly offset?: number;
  /** Of a frame that is nothing but an address. */
  readonly address?: bigint;
  /** The compiler put the function into its caller. */
  readonly inlined: boolean;
}

const ADDRESS = /^(?:[0-9a-f]{8}`[0-9a-f]{8}|[0-9a-f]{16}|[0-9a-f]{8})$/i;
/** Of inlined frames, and of frames that somebody has made illegible before pasting. */
const FILLER = /^(?::|\(Inline|Function\)|\(Inline\)|-{8}`-{8}|[0-9a-f`█]*█[0-9a-f`█]*|[0-9a-f`]*x{4,}[0-9a-fx`]*|#)$/i;
const NUMBER = /^[0-9a-f]{1,3}$/i;
const SYMBOL = /^([\w$.-]{1,64})!(\S.{0,400}?)(?:\+0x([0-9a-f]{1,8}|[^\s]*█\S*))?(?:\s+[[(].*|\s+- .*)?$/i;
const NO_SYMBOL = /^(<Unloaded_[\w.-]{1,64}>|[A-Za-z_][\w.-]{0,63})!?\+0x([0-9a-f]{1,8}|[^\s]*█\S*)(?:\s+- .*)?$/i;
const BARE_ADDRESS = /^0x([0-9a-f`]{8,17})$/i;

/**
 * @param open a frame stands above it: then a module with an offset is a frame as well, as kc prints it without symbols
 * @returns the frame that the line prints; `bare` when nothing but the symbol stands there, as kc prints it, which a line
 * elsewhere in the text may look like as well
 */
function frameIn(line: Line, open: boolean): { readonly frame: Frame; readonly bare: boolean } | undefined {
  const tokens = line.text
    .replace(/^\s*STACK_TEXT:/i, '')
    .trim()
    .split(/\s+/);
  let at = tokens.length > 1 && NUMBER.test(tokens[0] ?? '') ? 1 : 0;
  const first = at;
  while (at < tokens.length && (ADDRESS.test(tokens[at] ?? '') || FILLER.test(tokens[at] ?? ''))) at++;
  const columns = at - first;
  const site = tokens.slice(at).join(' ');
  const inlined = /inline/i.test(tokens.slice(0, at).join(' ')) || /\[?inlined? /i.test(site);
  const symbol =
    (/!\+/.test(site) ? null : SYMBOL.exec(site)) ?? (columns > 0 || first === 1 || open ? NO_SYMBOL.exec(site) : null);
  if (symbol && /^[\w$.-]+!(?!\+)/.test(site)) {
    const [, module = '', name = '', offset] = symbol;
    if (columns === 0 && (/\s/.test(name) || name.endsWith(':') || /[=;,]$/.test(name))) return undefined;
    return { frame: { line, module: plainModule(module), name, ...offsetOf(offset), inlined }, bare: columns === 0 };
  }
  if (symbol) {
    const [, module = '', offset] = symbol;
    return { frame: { line, module: plainModule(module), ...offsetOf(offset), inlined }, bare: columns === 0 };
  }
  const address = columns > 0 ? addressOf(BARE_ADDRESS.exec(site)?.[1] ?? '') : undefined;
  return address === undefined ? undefined : { frame: { line, address, inlined }, bare: false };
}

/** Eight digits are an address of a 32-bit Windows, whose upper half is the system's: as x64 has it, it begins with ones. */
function addressOf(digits: string): bigint | undefined {
  const address = hex(digits);
  return address !== undefined && /^[89a-f][0-9a-f]{7}$/i.test(digits) ? address | 0xffff_ffff_0000_0000n : address;
}

function offsetOf(text: string | undefined): { readonly offset?: number } {
  const offset = text === undefined ? NaN : parseInt(text, 16);
  return Number.isNaN(offset) ? {} : { offset };
}

/** Old debuggers write NDIS, new ones ndis; some people paste `ndis.sys`; of a driver that was unloaded, `<Unloaded_npf.sys>`. */
function plainModule(name: string): string {
  return name.replace(/^<Unloaded_(.*)>$/, '$1').replace(/\.(?:sys|exe|dll)$/i, '');
}

/** @returns frames of the stack that the crash is told by: that of STACK_TEXT, else the longest; empty when there is none */
export function stackIn(lines: readonly Line[]): Frame[] {
  const stacks: { readonly frames: Frame[]; readonly named: boolean; bare: boolean }[] = [];
  let open = false;
  for (const line of lines) {
    if (line.text.trim() === '' || /^\s*\[/.test(line.text)) continue;
    const heading = /^\s*STACK_TEXT:/i.test(line.text);
    if (heading) {
      stacks.push({ frames: [], named: true, bare: false });
      open = true;
    }
    const found = frameIn(line, open);
    if (found) {
      if (!open) stacks.push({ frames: [], named: false, bare: found.bare });
      const stack = stacks.at(-1);
      stack?.frames.push(found.frame);
      if (stack) stack.bare &&= found.bare;
      open = true;
    } else if (!heading && !belongsToStack(line.text)) {
      open = false;
    }
  }
  const real = stacks.filter(({ frames, named, bare }) => (named ? frames.length > 0 : frames.length > (bare ? 2 : 0)));
  const named = real.find((stack) => stack.named);
  return (
    (named ?? real.reduce((best, each) => (each.frames.length > (best?.frames.length ?? 0) ? each : best), real[0]))
      ?.frames ?? []
  );
}

/** Lines between the frames: halves of a wrapped line, headings of columns, warnings of the debugger. */
function belongsToStack(text: string): boolean {
  return (
    text
      .trim()
      .split(/\s+/)
      .every((token) => ADDRESS.test(token) || FILLER.test(token)) ||
    /Call Site|RetAddr|Child-SP|ChildEBP|^\s*WARNING: (?:Stack unwind|Frame IP)|Following frames may be wrong/i.test(
      text,
    )
  );
}
