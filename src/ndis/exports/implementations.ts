import type { Call } from '../../kernel';
import type { Wdk } from '../wdk';
import type { ExportContext } from './context';

/**
 * How a group of exports is written: each as the driver calls it, with the machine in front. The functions are made once, not
 * once a machine, because a machine is booted for every scenario.
 */
export type Implementations<Names extends keyof Wdk> = {
  readonly [Name in Names]: (cx: ExportContext, ...parameters: Parameters<Wdk[Name]>) => ReturnType<Wdk[Name]>;
};

/** An export whatever its parameters. */
export type Implementation = (cx: ExportContext, ...parameters: unknown[]) => Call<unknown>;
