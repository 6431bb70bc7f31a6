import type { Call, Kernel } from '../../../../src/kernel';
import type { DriverObject, NtStatus, Wdk } from '../../../../src/ndis';
import type { DriverProfile } from '../../../contract';
import type { ModelledDriver } from '../../../modelled';
import type { Engine } from '../../cpu/contract';
import type { Image } from '../../image/contract';
import type { ExportModule } from '../contract';
import { Guest } from '../guest';
import { GuestDevices } from '../io/devices';
import type { RequestBytes } from '../io/requests';
import { ntStatusOf } from '../status';
import { NdisPart, type AdapterNames } from './part';

export interface EmulatedDriverOptions {
  readonly name: string;
  readonly image: Image;
  readonly profile: DriverProfile;
  /** Makes the processor of one boot, over memory of its own. */
  readonly engine: () => Engine;
  /** What the image is linked to. */
  readonly modules: readonly ExportModule<Guest>[];
  /** Name of the service, for the registry path; without it the driver's name. */
  readonly service?: string;
  /** What NdisGetVersion says. */
  readonly version?: { readonly major: number; readonly minor: number };
  /** What an application hands over with a request; without it, what the scenario gives with the request as `raw`. */
  readonly requests?: RequestBytes;
  /** What the driver is told that an adapter of a scenario is called; without it, the names of the scenario. */
  readonly adapterNames?: AdapterNames;
}

/** An image of a driver as the model of NDIS sees it. Every boot maps it anew. */
export function emulatedDriver(options: EmulatedDriverOptions): ModelledDriver {
  const { name, image, profile, engine, modules, service = name } = options;
  return {
    name,
    profile,
    load(wdk: Wdk, kernel: Kernel) {
      const { requests, version, adapterNames } = options;
      const guest = new Guest({ image, kernel, wdk, engine: engine(), modules, name, ...(requests && { requests }) });
      const ndis = guest.part(NdisPart);
      if (version) ndis.version = version;
      if (adapterNames) ndis.adapterNames = adapterNames;
      return function* (object: DriverObject): Call<NtStatus> {
        ndis.driverObject = object;
        const path = `\\Registry\\Machine\\System\\CurrentControlSet\\Services\\${service}`;
        return ntStatusOf(yield* guest.part(GuestDevices).start(object, path));
      };
    },
  };
}
