import type { IrpMajor } from '../../src/ndis';
import type { AdapterName, Ask, DriverProfile } from '../contract';

/** One request, ready to be put. */
export interface PlannedIrp {
  readonly major: IrpMajor;
  readonly ioControlCode?: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** It comes back only once what it originated has been completed: those after it do not wait for it. */
  readonly blocks?: boolean;
  /** Statuses with which it may come back for the sequence to go on; STATUS_SUCCESS when absent. */
  readonly goesOn?: readonly string[];
}

/** One open of the driver's device. */
export interface PlannedOpen {
  readonly device: string;
  /** What follows the device's name. */
  readonly fileName: string;
  readonly input?: Readonly<Record<string, unknown>>;
  /** The driver refuses a request of a handle while another one of it has not come back: each in flight needs a handle. */
  readonly oneAtATime?: boolean;
}

/** How applications talk to a driver. `position` counts the adapters of the machine from 0, in the order they were plugged in. */
export interface RequestPlan {
  /** @returns undefined when applications cannot open the driver */
  open(adapter: AdapterName, position: number): PlannedOpen | undefined;
  /** Put after every open, in order. */
  setup(adapter: AdapterName, position: number): readonly PlannedIrp[];
  /**
   * @param sequence how many the applications have asked for before
   * @returns undefined when nobody said how to ask
   */
  ask(
    what: Ask,
    adapter: AdapterName,
    position: number,
    count: number,
    sequence: number,
  ): readonly PlannedIrp[] | undefined;
}

/** @returns the plan of a driver that takes one request by name for each thing that it is asked for */
export function planByName(profile: DriverProfile): RequestPlan {
  const { device, requests } = profile;
  return {
    open: (adapter) => device && { device: device.name, fileName: device.fileName.replaceAll('{adapter}', adapter) },
    setup: () => [],
    ask(what, _adapter, _position, count) {
      const request = requests[what];
      if (!request) return undefined;
      const { irp: major, ioControlCode, input } = request;
      return [{ major, ...(ioControlCode !== undefined && { ioControlCode }), input: { ...input, count } }];
    },
  };
}
