/** What the agent must know of its machine, from the target file. */
import type { DriverProfile } from '../../../contract';

export interface AgentConfig {
  /** Name of the run: of its ETW session, and in its frames. */
  readonly run: string;
  /** Adapter under test, by its name in Network Connections. */
  readonly adapter: { readonly name: string; readonly kind: 'fnmp' | 'other' };
  readonly driver: {
    /** Of the statement and the reports. */
    readonly name: string;
    /** Component id of the INF: `ms_mylwf`. */
    readonly component: string;
    readonly service: string;
    /** INF on the machine, to install it from when it is not there; it is uninstalled again. */
    readonly inf?: string;
    readonly profile: DriverProfile;
    /** The profile as the vendor wrote it (YAML), which says how applications open the driver, and what they put to it. */
    readonly profileText?: string;
    /** Built with the probe header. */
    readonly probe: boolean;
  };
  /** Milliseconds that the machine sleeps when a scenario wants it to; undefined: it is not put to sleep. */
  readonly sleep?: number;
  /** Address of this machine's end of the connection, by which the adapter that carries it is known and left alone. */
  readonly address?: string;
}
