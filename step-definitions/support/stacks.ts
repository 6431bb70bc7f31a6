import type { AdapterName, AdapterSpec, NeighbourPolicy, Rig } from '../../adapters/contract';

interface Stack {
  readonly spec: AdapterSpec;
  readonly plugged: boolean;
  readonly policy: NeighbourPolicy;
}

const BARE: Stack = { spec: {}, plugged: false, policy: {} };

/** The adapters of a scenario: what is on them, and how their neighbours behave. */
export class Stacks {
  private readonly stacks = new Map<AdapterName, Stack>();

  /** @param rig opens the rig, or gives the one that is open */
  constructor(private readonly rig: () => Promise<Rig>) {}

  /** @throws Error when the adapter is already there: a layout comes first */
  layOut(adapter: AdapterName, change: (spec: AdapterSpec) => AdapterSpec): void {
    const stack = this.stack(adapter);
    if (stack.plugged) throw new Error(`adapter "${adapter}" is already plugged in: say its layout first`);
    this.stacks.set(adapter, { ...stack, spec: change(stack.spec) });
  }

  /** Plugs the adapter in, if it is not there yet. */
  async plugIn(adapter: AdapterName): Promise<void> {
    const stack = this.stack(adapter);
    if (stack.plugged) return;
    this.stacks.set(adapter, { ...stack, plugged: true });
    const rig = await this.rig();
    await rig.addAdapter(adapter, stack.spec);
    if (Object.keys(stack.policy).length > 0) await rig.setNeighbours(adapter, stack.policy);
  }

  /** Changes how the neighbours behave; what was said before stays. */
  async behave(adapter: AdapterName, change: NeighbourPolicy): Promise<void> {
    const stack = this.stack(adapter);
    const policy = { ...stack.policy, ...change };
    this.stacks.set(adapter, { ...stack, policy });
    if (stack.plugged) await (await this.rig()).setNeighbours(adapter, policy);
  }

  /** While `body` runs, the miniport answers OID requests even where it was told to keep them: what an opening asks is not the matter. */
  async answeringOids<T>(adapter: AdapterName, body: () => Promise<T>): Promise<T> {
    const { policy, plugged } = this.stack(adapter);
    if (!plugged || policy.miniportOids !== 'hold') return body();
    const rig = await this.rig();
    await rig.setNeighbours(adapter, { ...policy, miniportOids: 'inside-the-call' });
    const result = await body();
    await rig.setNeighbours(adapter, policy);
    return result;
  }

  private stack(adapter: AdapterName): Stack {
    return this.stacks.get(adapter) ?? BARE;
  }
}
