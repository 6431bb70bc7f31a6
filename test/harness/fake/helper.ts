/** What lwfio.exe would say on the fake machine: one helper process. */
import type { HelperEvents, HelperOp, HelperOps } from '../../../adapters/harness/agent/ports';
import { normaliseStatus, statusValue, DISPATCH_LEVEL, PASSIVE_LEVEL } from '../../../src/trace';
import { OIDS } from '../../../src/ndis/numbers';
import type { NdisStatus } from '../../../src/ndis';
import type { Nbl } from '../../../src/ndis';
import { toldByFnlwf } from '../../../adapters/harness/agent/rig/oid-status';
import type { CaptureFilter } from './capture';
import { Devices } from './devices';
import { EtwSession } from './etw';
import type { FakeWindows } from './windows';

/** NDIS_STATUS_PENDING: fnmp answers as it would have. */
const AS_EVER = 0x103;
/** Whose status it is. */
const NDIS = 'NdisMOidRequestComplete';

const NOTHING: CaptureFilter = { pattern: '', mask: '' };

const WHY_NOT = 'the machine has neither S1 to S3 nor hibernation';

type Say = <E extends keyof HelperEvents>(event: E, params: HelperEvents[E]) => void;
type Answers = { [O in HelperOp]: (params: HelperOps[O]['params']) => Promise<HelperOps[O]['answer']> };

interface Handle {
  readonly driver: 'fnmp' | 'fnlwf';
  readonly adapter: string;
  /** Of `held`, until something is released. */
  told: readonly Nbl[];
  keepsOids?: true;
}

export class HelperProcess {
  private readonly handles = new Map<number, Handle>();
  private readonly devices: Devices;
  private readonly stopListening: () => void;
  private count = 0;
  private session: EtwSession | undefined;

  /** @param say what it says without being asked */
  constructor(
    private readonly windows: FakeWindows,
    private readonly say: Say,
    private readonly ended: () => void,
  ) {
    this.devices = new Devices(windows, (request, status) => say('device.done', { request, status, information: 0 }));
    this.stopListening = windows.listen({
      etw: (event) => say('etw', event),
      watchdog: () => say('fnmp.watchdog', { t: windows.etw.counter }),
      lost: (lost) => say('lost', { lost }),
      down: () => this.end(),
    });
  }

  async answer<O extends HelperOp>(op: O, params: HelperOps[O]['params']): Promise<HelperOps[O]['answer']> {
    return this.ops[op](params);
  }

  /** The process ends, whatever it does. */
  end(): void {
    if (!this.windows.isDown && this.hasSession) this.windows.etw.session = undefined;
    this.kill();
  }

  /** Somebody ends it: Windows closes its handles, and a session of ETW outlives it. */
  kill(): void {
    this.stopListening();
    if (!this.windows.isDown) {
      for (const handle of this.handles.keys()) this.close(handle);
      this.devices.end();
    }
    this.handles.clear();
    this.ended();
  }

  private readonly ops: Answers = {
    info: async () => ({ version: '1', frequency: '10000000', wine: false, fnmp: true, fnlwf: true }),
    'etw.start': async ({ session, providers }) => {
      // Also one that somebody else has ended: what became of it, it says when it is stopped.
      if (this.session) throw new Error('there is a session already: stop it first');
      // One that is there by that name is ended, whoever began it.
      this.session = new EtwSession(session, providers, this.windows.etw);
      this.windows.etw.start(this.session);
      return { t: this.windows.etw.counter };
    },
    'etw.flush': async () => {
      if (!this.hasSession) throw new Error(this.session ? 'the session of ETW has ended' : 'there is no session');
      this.windows.captureStates();
      return { lost: this.windows.etw.flush(), t: this.windows.etw.counter };
    },
    'etw.stop': async () => {
      const { session, hasSession } = this;
      this.session = undefined;
      // Of one that somebody else has ended, nobody knows how much was lost.
      if (!hasSession) return { lost: session ? session.lost + 1 : 0 };
      const lost = this.windows.etw.flush();
      this.windows.etw.session = undefined;
      return { lost };
    },
    'fnmp.open': async ({ ifIndex }) => ({ handle: this.open('fnmp', ifIndex) }),
    'fnmp.close': async ({ handle }) => this.close(handle),
    'fnmp.holdSends': async ({ handle, pattern, mask }) => {
      const opened = this.of(handle, 'fnmp');
      this.windows.miniport(opened.adapter).hold(opened, { pattern, mask });
      return {};
    },
    'fnmp.held': async ({ handle }) => {
      const opened = this.of(handle, 'fnmp');
      opened.told = this.windows.miniport(opened.adapter).held(opened);
      return { frames: opened.told.map((nbl, index) => this.frame(nbl, index)), t: this.windows.etw.counter };
    },
    'fnmp.release': async ({ handle, indexes }) => {
      const { told, adapter } = this.of(handle, 'fnmp');
      this.windows.miniport(adapter).give(chosen(told, indexes));
      return {};
    },
    'fnmp.indicate': async ({ handle, frames, dpcLevel, lowResources }) => {
      const miniport = this.windows.miniport(this.of(handle, 'fnmp').adapter);
      if (!miniport.isUp) throw new Error('STATUS_INVALID_DEVICE_STATE (0xC0000184)');
      await miniport.indicate(frames, lowResources, dpcLevel ? DISPATCH_LEVEL : PASSIVE_LEVEL);
      return {};
    },
    'fnmp.holdOids': async ({ handle, oids }) => {
      const opened = this.of(handle, 'fnmp');
      opened.keepsOids = true;
      this.windows.miniport(opened.adapter).holdOids(oids);
      return {};
    },
    'fnmp.heldOid': async ({ handle, oid, type }) => ({
      held: this.windows.miniport(this.of(handle, 'fnmp').adapter).heldOid({ oid, type }) !== undefined,
    }),
    'fnmp.completeOid': async ({ handle, oid, type, status }) => {
      const miniport = this.windows.miniport(this.of(handle, 'fnmp').adapter);
      const request = miniport.heldOid({ oid, type });
      if (!request) throw new Error('STATUS_NOT_FOUND (0xC0000225)');
      await miniport.giveOid(request, status === AS_EVER ? undefined : (normaliseStatus(status, NDIS) as NdisStatus));
      return {};
    },
    'fnlwf.open': async ({ ifIndex }) => ({ handle: this.open('fnlwf', ifIndex) }),
    'fnlwf.close': async ({ handle }) => this.close(handle),
    'fnlwf.send': async ({ handle, frames }) => {
      const { adapter } = this.of(handle, 'fnlwf');
      const { protocol } = this.windows.stack(adapter);
      if (protocol.state !== 'Running') throw new Error('STATUS_INVALID_DEVICE_STATE (0xC0000184)');
      const nbls = protocol.newSends(frames.length, 1, null);
      nbls.forEach((nbl, i) => this.windows.frames.name(nbl.id, frames[i] ?? ''));
      await this.windows.model.do('fnlwf', () => protocol.send(nbls, undefined), DISPATCH_LEVEL);
      return {};
    },
    'fnlwf.holdReceives': async ({ handle, pattern, mask }) => {
      const opened = this.of(handle, 'fnlwf');
      this.windows.fnlwf(opened.adapter).hold(opened, { pattern, mask });
      return {};
    },
    'fnlwf.held': async ({ handle }) => {
      const opened = this.of(handle, 'fnlwf');
      opened.told = this.windows.fnlwf(opened.adapter).held(opened);
      return { frames: opened.told.map((nbl, index) => this.frame(nbl, index)), t: this.windows.etw.counter };
    },
    'fnlwf.release': async ({ handle, indexes }) => {
      const { told, adapter } = this.of(handle, 'fnlwf');
      this.windows.fnlwf(adapter).give(chosen(told, indexes));
      return {};
    },
    'fnlwf.datapath': async ({ handle }) => ({
      isUp: this.windows.stack(this.of(handle, 'fnlwf').adapter).protocol.state === 'Running',
    }),
    'fnlwf.oid': async ({ handle, oid, type }) => {
      const { protocol, kernel } = this.windows.stack(this.of(handle, 'fnlwf').adapter);
      let outcome: NdisStatus | undefined;
      const request = protocol.newOid(
        OIDS.nameOf(oid),
        type === 'set' ? 'NdisRequestSetInformation' : 'NdisRequestQueryInformation',
      );
      await this.windows.model.do('fnlwf', function* () {
        yield* protocol.issueOid(request, (status) => (outcome = status));
        yield* kernel.until('the request of fnlwf', () => outcome !== undefined);
      });
      return { status: toldByFnlwf(String(outcome), statusValue(String(outcome)) ?? 0) };
    },
    'power.look': async () => ({ state: this.windows.sleeps ? 'S3' : null, why: this.windows.sleeps ? null : WHY_NOT }),
    'power.sleep': async ({ seconds }) => {
      if (!this.windows.sleeps) throw new Error(WHY_NOT);
      await this.windows.sleep(seconds * 1000);
      return { asleep: seconds * 1000 };
    },
    'device.open': async (params) => done(this.devices.create(params)),
    'device.put': async (params) => done(this.devices.put(params)),
    'device.cancel': async ({ handle }) => done(this.devices.cancel(handle)),
    'device.close': async (params) => done(this.devices.close(params)),
  };

  private open(driver: Handle['driver'], ifIndex: number): number {
    const adapter = [...this.windows.network.adapters.values()].find(({ index }) => index + 1 === ifIndex);
    if (!adapter) throw new Error('STATUS_NOT_FOUND (0xC0000225)');
    this.count += 1;
    this.handles.set(this.count, { driver, adapter: adapter.name, told: [] });
    return this.count;
  }

  private of(handle: number, driver: Handle['driver']): Handle {
    const found = this.handles.get(handle);
    if (found?.driver !== driver) throw new Error(`there is no handle ${handle} on ${driver}`);
    return found;
  }

  private close(handle: number): Record<string, never> {
    const opened = this.handles.get(handle);
    this.handles.delete(handle);
    if (opened?.driver === 'fnmp') {
      const miniport = this.windows.miniport(opened.adapter);
      if (opened.keepsOids) miniport.holdOids([]);
      miniport.hold(opened, NOTHING);
    } else if (opened) this.windows.fnlwf(opened.adapter).hold(opened, NOTHING);
    return {};
  }

  /** The one it began is there, and nobody has ended it. */
  private get hasSession(): boolean {
    return this.session !== undefined && this.windows.etw.session === this.session;
  }

  private frame(nbl: Nbl, index: number): { index: number; bytes: string; length: number; cpu: number } {
    const bytes = this.windows.frames.of(nbl);
    return { index, bytes: bytes.slice(0, 512), length: bytes.length / 2, cpu: 0 };
  }
}

function done(_: void): Record<string, never> {
  return {};
}

function chosen(told: readonly Nbl[], indexes: readonly number[]): Nbl[] {
  return indexes.map((index) => {
    const nbl = told[index];
    if (!nbl) throw new Error('STATUS_NOT_FOUND (0xC0000225)');
    return nbl;
  });
}
