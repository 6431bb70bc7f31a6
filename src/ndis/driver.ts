import { Handle } from './handle';
import type { Holder } from './holder';
import type { Context, DriverObject, NdisFilterDriverCharacteristics } from './wdk';

/** A filter of the driver under test as NDIS knows it once it has registered. */
export class FilterDriver implements Holder {
  readonly name = 'driver';
  readonly isDriver = true;
  readonly handle: Handle;
  registered = true;

  /** @param characteristics copied, as NDIS does: the driver's own may go away after the call */
  constructor(
    identity: string,
    readonly object: DriverObject,
    readonly context: Context,
    readonly characteristics: NdisFilterDriverCharacteristics,
  ) {
    this.handle = new Handle(identity, this);
    this.characteristics = { ...characteristics };
  }

  /** @param uniqueName GUID in braces */
  isNamed(uniqueName: string): boolean {
    return this.characteristics.UniqueName.toLowerCase() === uniqueName.toLowerCase();
  }

  /** NDIS 6.30 and later take part in sleep without pause. */
  get sleepsWithoutPause(): boolean {
    return this.characteristics.MajorNdisVersion === 6 && this.characteristics.MinorNdisVersion >= 30;
  }
}
