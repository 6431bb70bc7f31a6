import type { Call } from '../../kernel';
import { DISPATCH_LEVEL } from '../../trace';
import type { Ndis } from '../ndis';
import type { Nbl } from '../nbl';

/**
 * A neighbour that gives NBLs back "later": in a DPC, one chain for everything that has gathered by then, so that chains of
 * several calls merge. Under the random schedule the order changes and chains are split as well.
 */
export class LaterQueue {
  private readonly gathered = new Set<Nbl>();
  private scheduled = false;

  constructor(
    private readonly ndis: Ndis,
    private readonly name: string,
    private readonly giveBack: (nbls: readonly Nbl[]) => Call<void>,
  ) {}

  add(nbls: readonly Nbl[]): void {
    for (const nbl of nbls) this.gathered.add(nbl);
    if (this.scheduled) return;
    this.scheduled = true;
    this.ndis.kernel.spawn(this.name, this.run(), DISPATCH_LEVEL);
  }

  private *run(): Call<void> {
    this.scheduled = false;
    const chains = this.ndis.chance.regroup([...this.gathered]);
    this.gathered.clear();
    for (const chain of chains) yield* this.giveBack(chain);
  }
}
