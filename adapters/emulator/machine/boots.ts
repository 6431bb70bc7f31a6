import type { Kernel } from '../../../src/kernel';
import type { Engine, MemorySnapshot } from '../cpu/contract';
import { Guest, type GuestOptions } from './guest';

/** A processor with memory in which the image is mapped, and the boot that it serves. */
interface Host {
  readonly engine: Engine;
  readonly mapped: MemorySnapshot;
  kernel: Kernel;
}

/**
 * Boots one image again and again. A processor whose boot is over serves the next one: its memory goes back to where the image
 * had just been mapped, and what it has translated stays.
 */
export class Boots {
  private readonly hosts: Host[] = [];

  /** @param newEngine makes a processor over fresh memory */
  constructor(private readonly newEngine: () => Engine) {}

  /** @param options always those of the same image, modules and seed */
  boot(options: Omit<GuestOptions, 'engine' | 'mapped'>): Guest {
    const idle = this.hosts.find(({ kernel }) => kernel.abandoned);
    if (idle) {
      idle.engine.memory.restore(idle.mapped);
      idle.kernel = options.kernel;
      return new Guest({ ...options, engine: idle.engine, mapped: true });
    }
    const engine = this.newEngine();
    const guest = new Guest({ ...options, engine });
    this.hosts.push({ engine, mapped: engine.memory.snapshot(), kernel: options.kernel });
    return guest;
  }
}
