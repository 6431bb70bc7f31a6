import type { Kernel } from '../../kernel';
import { DRIVER_SCOPE } from '../../kernel';
import type { Parts } from '../boundary';
import { draftOf } from '../boundary';
import { FilterDriver } from '../driver';
import { badPointer } from '../faults';
import { handleName, targetOf, WHOLE_DRIVER } from '../handle';
import { THE_DRIVER, type Holder } from '../holder';
import type { IoManager } from '../io-manager';
import type { Ndis } from '../ndis';
import { FilterModule } from '../stack/module';

/** Whom an allocation belongs to: the module or the driver whose handle was given. */
export interface Owner {
  readonly holder: Holder;
  /** Name of the module; undefined for the driver as a whole. */
  readonly module: string | undefined;
  readonly scope: string;
}

/** What the exports share: they record their own crossings and resolve handles as NDIS does, by following them. */
export class ExportContext {
  constructor(
    readonly ndis: Ndis,
    readonly io: IoManager,
  ) {}

  get kernel(): Kernel {
    return this.ndis.kernel;
  }

  /** The driver calls an export. */
  called(ddi: string, parts: Parts = {}): void {
    this.kernel.record(draftOf('=>', ddi, parts));
  }

  /** The export returns. */
  returned(ddi: string, parts: Parts = {}): void {
    this.kernel.record(draftOf('<=', ddi, parts));
  }

  /**
   * Records the call and follows the module handle.
   * @throws Bugcheck when the handle is stale or none
   */
  onModule(ddi: string, handle: unknown, parts: Parts = {}): FilterModule {
    const module = FilterModule.of(handle);
    this.called(ddi, {
      module: parts.module ?? module?.name,
      adapter: parts.adapter ?? module?.adapter.name,
      status: parts.status,
      args: parts.args ? { handle: handleName(handle), ...parts.args } : { handle: handleName(handle) },
      nbls: parts.nbls,
    });
    return this.requireLive(ddi, handle, module);
  }

  /** The return from an export on a module. */
  backOn(ddi: string, module: FilterModule, parts: Parts = {}): void {
    this.kernel.record(draftOf('<=', ddi, parts, { module: module.name, adapter: module.adapter.name }));
  }

  /**
   * Records a call that takes a module or a driver handle.
   * @throws Bugcheck when the handle is stale or none
   */
  onOwner(ddi: string, handle: unknown, parts: Parts = {}): Owner {
    const module = FilterModule.of(handle);
    this.called(ddi, {
      module: parts.module ?? module?.name,
      adapter: parts.adapter,
      status: parts.status,
      args: parts.args,
      nbls: parts.nbls,
    });
    const driver = targetOf(handle, FilterDriver);
    if (driver?.registered) return { holder: driver, module: undefined, scope: DRIVER_SCOPE };
    if (handle === WHOLE_DRIVER) return { holder: THE_DRIVER, module: undefined, scope: DRIVER_SCOPE };
    const live = this.requireLive(ddi, handle, module);
    return { holder: live, module: live.name, scope: live.name };
  }

  /** @throws Bugcheck when a pointer argument is NULL or no pointer at all */
  requirePointer(ddi: string, pointer: unknown): void {
    if (typeof pointer === 'object' && pointer !== null) return;
    throw badPointer(this.kernel, `${ddi} was given a bad pointer`, String(pointer));
  }

  private requireLive(ddi: string, handle: unknown, module: FilterModule | undefined): FilterModule {
    if (!module) {
      throw badPointer(this.kernel, `${ddi} was given a handle that NDIS does not know`, handleName(handle) ?? 'NULL');
    }
    if (module.state === 'Detached') {
      throw badPointer(
        this.kernel,
        `${ddi} was given the handle of ${module.name}, which is detached: NDIS followed a pointer in freed memory`,
        module.handle.handle,
      );
    }
    return module;
  }
}
