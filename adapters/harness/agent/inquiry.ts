/** What the machine is asked besides playing scenarios: its dumps, its crashes, the image under test, how fast it answers. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join, win32 } from 'node:path';
import { performance } from 'node:perf_hooks';
import { RigRefusal } from '../../contract';
import { decodeVerifierSettings } from '../decode/verifier';
import type { MachineFile, Measurement, Offer } from '../protocol';
import type { Inquiry } from './agent';
import type { FoundFile } from './files';
import type { Ports } from './ports';
import { NDIS_EVENTS, SESSION } from './rig/events';

export interface InquiryOptions extends Pick<Ports, 'shell' | 'helper' | 'programs'> {
  /** Folder of the images of drivers. */
  readonly drivers: string;
}

/** As much of a log entry as a message takes. */
const MOST_TEXT = 4096;

export function inquiryOn({ shell, helper, programs, drivers }: InquiryOptions): Inquiry {
  return {
    async findFiles() {
      const { files } = await shell.call('GetDumps', {});
      return named(files.map(({ path }) => path));
    },
    findDriver: (offer) => imageIn(drivers, offer),
    async findCrashes(after) {
      const { events } = await shell.call('GetBugcheckEvents', { after });
      return events.map(({ record, time, message }) => ({
        record,
        time: time === '' ? 'unknown' : time.slice(0, 64),
        text: message.trim().slice(0, MOST_TEXT) || 'an entry without a text',
      }));
    },
    async measure(samples) {
      const ask = (name: string, work: () => Promise<unknown>): Promise<Measurement> => timed(name, samples, work);
      return [
        await ask('PowerShell answers', () => shell.call('GetBootId', {})),
        await ask('lwfio answers', () => helper.request('info', {})),
        ...(await flushes(helper, samples)),
        await verifier(programs),
        await sleep(helper),
      ];
    },
  };
}

/** The names that the controller calls them by: the last parts of their paths. */
function named(paths: readonly string[]): FoundFile[] {
  const taken = new Set<string>();
  return paths.map((path) => {
    const parts = path.split(/[\\/]/).filter((part) => part !== '' && !part.includes(':'));
    const plain = parts.slice(-2).map((part) => part.replaceAll(/[^A-Za-z0-9._-]/g, '_').slice(0, 60));
    const base = ['dumps', ...plain].join('/');
    let name = base;
    for (let number = 2; taken.has(name.toLowerCase()); number += 1) name = `${base}_${number}`;
    taken.add(name.toLowerCase());
    return { name, path };
  });
}

async function imageIn(drivers: string, { target }: Offer): Promise<MachineFile | undefined> {
  const file = target?.driver.image;
  if (file === undefined) return undefined;
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    const path = /^[A-Za-z]:|^\\\\/.test(drivers) ? win32.join(drivers, file) : join(drivers, file);
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
    }
  } catch {
    // It lies in the driver store, or has another name: nothing is claimed of it.
    return undefined;
  }
  return { file, sha256: hash.digest('hex'), bytes };
}

async function flushes(helper: Ports['helper'], samples: number): Promise<Measurement[]> {
  const flush = 'ETW hands out what was written';
  const lost = 'events of ETW that were lost meanwhile';
  try {
    await helper.request('etw.start', { session: SESSION, providers: [NDIS_EVENTS] });
  } catch (failure) {
    const notMeasured = wordsOf(failure);
    return [
      { name: flush, notMeasured },
      { name: lost, notMeasured },
    ];
  }
  const measured = await timed(flush, samples, () => helper.request('etw.flush', {}));
  try {
    const ended = await helper.request('etw.stop', {});
    return [measured, { name: lost, unit: 'events', samples: [ended.lost] }];
  } catch (failure) {
    return [measured, { name: lost, notMeasured: wordsOf(failure) }];
  }
}

/** What Driver Verifier is to watch from the next start on: only what it watches can end in a bugcheck that names a rule. */
async function verifier(programs: Ports['programs']): Promise<Measurement> {
  const name = 'Driver Verifier';
  try {
    const { code, stdout } = await programs.run('verifier', ['/querysettings']);
    if (code !== 0) return { name, notMeasured: `verifier /querysettings ended with exit code ${code}` };
    const { flags, drivers } = decodeVerifierSettings(stdout);
    if (drivers.length === 0) return { name, told: 'watches no driver' };
    return { name, told: `flags ${flags ?? 'unknown'}, watches ${drivers.join(', ')}`.slice(0, MOST_TEXT) };
  } catch (failure) {
    return { name, notMeasured: wordsOf(failure) };
  }
}

async function sleep(helper: Ports['helper']): Promise<Measurement> {
  const name = 'sleep';
  try {
    const { state, why } = await helper.request('power.look', {});
    if (state === null) return { name, notMeasured: why ?? 'the machine has none' };
    return { name, told: `${state}, and a timer wakes the machine up` };
  } catch (failure) {
    return { name, notMeasured: wordsOf(failure) };
  }
}

async function timed(name: string, samples: number, work: () => Promise<unknown>): Promise<Measurement> {
  const took: number[] = [];
  try {
    for (let sample = 0; sample < samples; sample += 1) {
      const start = performance.now();
      await work();
      took.push(performance.now() - start);
    }
    return { name, unit: 'ms', samples: took };
  } catch (failure) {
    return { name, notMeasured: wordsOf(failure) };
  }
}

function wordsOf(failure: unknown): string {
  const words = failure instanceof RigRefusal || failure instanceof Error ? failure.message : String(failure);
  return words.slice(0, MOST_TEXT) || 'without words';
}
