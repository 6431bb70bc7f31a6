/** Plays drivers that were built with the probe, and keeps what the emulator saw and what the probe wrote. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RigOptions } from '../../../adapters/contract';
import { createDriver } from '../../../adapters/emulator';
import type { TracedEvent, TraceSession } from '../../../adapters/emulator/machine';
import { readProfile } from '../../../adapters/emulator/profile';
import { ProbeDecoder, type ProbeLife } from '../../../adapters/harness/decode/probe';
import { ProbeRecords } from '../../../adapters/harness/decode/probe-record';
import { ModelledRig } from '../../../adapters/modelled';
import { kitRoot } from '../../../src/conformance/kit-root';
import { createJudges, type Violation } from '../../../src/rules';
import type { Crossing } from '../../../src/trace';
import type { Script } from '../../drivers/play';

export const PROBED = '.tmp/probed';

export interface Probed {
  /** The emulator's own trace. */
  readonly trace: readonly Crossing[];
  readonly events: readonly TracedEvent[];
  readonly outcome: ProbeLife;
  /** Who wrote each crossing of the probe, as the emulator calls its threads. */
  readonly threads: readonly string[];
}

/**
 * @param name of a driver in `PROBED`
 * @param session switched on and off by the script; without it, it is always on
 * @param begun called with what the providers of the guest can be asked
 */
export async function playProbed(
  name: string,
  script: Script,
  options: RigOptions = { seed: 1 },
  session = { isOn: true },
  begun?: TraceSession['begin'],
): Promise<Probed> {
  const file = join(kitRoot, 'drivers', 'profiles', 'reference.yaml');
  const events: TracedEvent[] = [];
  const driver = createDriver({
    driver: name,
    image: readFileSync(join(kitRoot, PROBED, `${name}.sys`)),
    profile: readProfile(readFileSync(file, 'utf8'), file),
    session: {
      get isOn() {
        return session.isOn;
      },
      hear: (event) => void events.push(event),
      ...(begun && { begin: begun }),
    },
  });
  const rig = new ModelledRig(driver, options);
  try {
    await script(rig);
    await rig.settle();
    return { trace: await rig.trace(), events, outcome: decode(events), threads: threadsOf(events) };
  } finally {
    await rig.close();
  }
}

function decode(events: readonly TracedEvent[]): ProbeLife {
  const decoder = new ProbeDecoder();
  for (const event of events) decoder.take(event);
  const { lives, problems } = decoder.finish();
  const [life, ...others] = lives;
  if (!life || others.length > 0 || problems.length > 0)
    throw new Error(`${lives.length} lives; ${problems.join(' ')}`);
  return life;
}

/** No crossings. */
const OF_NO_THREAD = new Set(['locked', 'unlocked', 'limit', 'mark', 'end']);

/** Of all events, in the order of their numbers, that are crossings. */
function threadsOf(events: readonly TracedEvent[]): string[] {
  const records = new ProbeRecords();
  return events
    .map((event) => ({ ...records.read(event), by: event.thread }))
    .filter(({ of, direction }) => of === 0 && !OF_NO_THREAD.has(direction))
    .sort((a, b) => a.seq - b.seq)
    .map(({ by }) => by);
}

/** @returns what judges say of a trace, in the default reading */
export function violationsOf(trace: readonly Crossing[]): readonly Violation[] {
  const judges = createJudges();
  for (const crossing of trace) judges.see(crossing);
  judges.finish();
  return judges.violations.filter(({ reading }) => reading === 'default');
}
