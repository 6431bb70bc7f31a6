/** The vendor's command: a process that opens the driver's device, has it send, and ends when its request has come back. */
import { Applications } from '../../../adapters/modelled/applications';
import { planByName } from '../../../adapters/modelled/request-plan';
import type { Call } from '../../../src/kernel';
import type { FakeWindows } from './windows';

export interface VendorRun {
  readonly ended: Promise<number>;
  readonly stop: () => void;
}

const KILLED = -1;

/** @param frame what the sends are to have in them, hexadecimal @returns exit code 0 when the driver took them */
export function runVendor(windows: FakeWindows, adapter: string, count: number, frame: string): VendorRun {
  const { model, frames, driver } = windows;
  const applications = new Applications(model.machine, planByName(driver.profile));
  let stop: () => void = () => undefined;
  const killed = new Promise<number>((resolve) => {
    stop = () => {
      resolve(KILLED);
      model
        .do('end of a process', function* (): Call<void> {
          yield* applications.cancel('vendor');
          yield* applications.close('vendor');
        })
        .catch(() => undefined);
    };
  });
  const { ended } = model.start(
    'process of the vendor',
    function* (): Call<number> {
      const opened = yield* applications.open('vendor', adapter);
      if (opened !== 'STATUS_SUCCESS') return 1;
      const status = yield* applications.ask('vendor', 'send', count);
      yield* applications.close('vendor');
      return status === 'STATUS_SUCCESS' ? 0 : 1;
    },
    0,
    (thread) =>
      frames.sends(
        thread.id,
        Array.from({ length: count }, () => frame),
      ),
  );
  windows.looksDown();
  return { ended: Promise.race([ended.catch(() => KILLED), killed]), stop };
}
