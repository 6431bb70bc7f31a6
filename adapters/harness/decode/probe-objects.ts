/** Names for what the probe knows by its address only. An address that is given out again is a new object with a new name. */

/** What a crossing is about, in the words of a trace. */
export type Kind =
  | 'n'
  | 'b'
  | 'd'
  | 'o'
  | 'h'
  | 'driver'
  | 'pool'
  | 'memory'
  | 'context'
  | 'timer'
  | 'work'
  | 'device'
  | 'configuration'
  | 'irp'
  | 'file'
  | 'object'
  | 'lock'
  | 'id'
  | 'pointer';

export class ProbeObjects {
  private readonly names = new Map<Kind, Map<bigint, string>>();
  private readonly made = new Map<Kind, number>();

  /** @returns the name of the object at an address */
  of(kind: Kind, address: bigint): string {
    return this.known(kind, address) ?? this.fresh(kind, address);
  }

  known(kind: Kind, address: bigint): string | undefined {
    return this.names.get(kind)?.get(address);
  }

  /** Something begins at an address. @returns its name */
  fresh(kind: Kind, address: bigint): string {
    const count = (this.made.get(kind) ?? 0) + 1;
    this.made.set(kind, count);
    const name = `${kind}${count}`;
    const names = this.names.get(kind) ?? new Map<bigint, string>();
    this.names.set(kind, names.set(address, name));
    return name;
  }

  /** What was there is gone. */
  forget(kind: Kind, address: bigint): void {
    this.names.get(kind)?.delete(address);
  }
}

/** One attached instance of the filter. */
export interface ProbeModule {
  readonly name: string;
  /** What its handle is called. */
  readonly handle: string;
}

/** Modules, found by the handle that the driver passes or by the context that NDIS passes. */
export class ProbeModules {
  private readonly byHandle = new Map<bigint, ProbeModule>();
  private readonly byContext = new Map<bigint, ProbeModule>();
  private count = 0;

  constructor(private readonly objects: ProbeObjects) {}

  attach(handle: bigint): ProbeModule {
    this.count += 1;
    const module = { name: `m${this.count}`, handle: this.objects.fresh('h', handle) };
    this.byHandle.set(handle, module);
    return module;
  }

  setContext(handle: bigint, context: bigint): void {
    const module = this.byHandle.get(handle);
    if (module) this.byContext.set(context, module);
  }

  /** Also of one that is detached, until its handle is given out again. */
  ofHandle(handle: bigint): ProbeModule | undefined {
    return this.byHandle.get(handle);
  }

  ofContext(context: bigint): ProbeModule | undefined {
    return this.byContext.get(context);
  }
}
