import type { NdisHandle, NetBufferListPoolParameters } from '../../../../src/ndis';

/** How each NBL pool was asked for: what its NBLs come with. */
export class Pools {
  private readonly parameters = new Map<NdisHandle, NetBufferListPoolParameters>();

  add(pool: NdisHandle, parameters: NetBufferListPoolParameters): void {
    this.parameters.set(pool, parameters);
  }

  of(pool: NdisHandle): NetBufferListPoolParameters | undefined {
    return this.parameters.get(pool);
  }
}
