import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { connectAdapter, LineReader, startsProcess, type OpenChannel } from '../../adapters/stdio';
import type { TraceResult } from '../../adapters/contract/protocol';
import { kitRoot } from '../../src/conformance/kit-root';
import { Player } from '../../src/conformance/player';

export const PYTHON_ADAPTER = join(kitRoot, 'docs', 'examples', 'adapter.py');

/** The name of a Python 3 on this machine, if there is one. */
export const python = ['python3', 'python'].find((name) =>
  /^Python 3\.(?:9|\d\d)/.test(spawnSync(name, ['--version'], { encoding: 'utf8' }).stdout ?? ''),
);

/** Plays one scenario on an adapter. @returns everything that is said, one line a message; of a page of a trace the first crossing */
export async function transcript(channel: OpenChannel, scenario: string): Promise<string[]> {
  const lines: string[] = [];
  const recorded: OpenChannel = (listener) => {
    const read = new LineReader({
      line: (text) => lines.push(`← ${abridged(text)}`),
      unreadable: (why) => lines.push(`← (a line that ${why})`),
    });
    const through = channel({
      ...listener,
      bytes(chunk) {
        read.push(chunk);
        listener.bytes(chunk);
      },
    });
    return {
      ...through,
      write(bytes) {
        lines.push(`→ ${String(bytes).trimEnd()}`);
        through.write(bytes);
      },
    };
  };
  const adapter = await connectAdapter({
    channel: recorded,
    controller: { name: 'ndis-lwf-spec', version: '0.1.0' },
    answerWithin: 30_000,
    log: () => undefined,
  });
  try {
    const player = await Player.prepare({ paths: [scenario], tags: '' });
    const [id = ''] = player.ids;
    await player.play(id, { adapter, seed: 1, evidence: 'violations' });
  } finally {
    await adapter.end();
  }
  return lines;
}

export function pythonAdapter(): OpenChannel {
  return startsProcess({ program: python ?? '', args: [PYTHON_ADAPTER] });
}

function abridged(text: string): string {
  const message = JSON.parse(text) as { result?: Partial<TraceResult> | null };
  const crossings = message.result?.crossings;
  if (!crossings || crossings.length < 2) return JSON.stringify(message);
  const short = JSON.stringify({ ...message, result: { ...message.result, crossings: crossings.slice(0, 1) } });
  return short.replace('}],"more"', `}, (${crossings.length - 1} more)],"more"`);
}
