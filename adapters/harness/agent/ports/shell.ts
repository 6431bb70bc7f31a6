/** What one warm PowerShell does for the agent: functions of a fixed table, called with data. */

/** Nothing is said or known where a command only does something. */
export type Nothing = Readonly<Record<string, never>>;

export interface OsInfo {
  /** `Microsoft Windows 11 Pro`. */
  readonly name: string;
  /** `10.0.26100.1742`. */
  readonly build: string;
  /** Of the system, not of the process: `AMD64`, `ARM64`. */
  readonly arch: string;
}

/** Of an adapter in Network Connections. */
export interface AdapterInfo {
  readonly name: string;
  readonly description: string;
  readonly ifIndex: number;
  /** GUID in braces, capital letters, as the events of NDIS tell it. */
  readonly ifGuid: string;
  /** What pnputil takes. */
  readonly instanceId: string;
  readonly status: 'Up' | 'Disconnected' | 'Disabled' | 'Other';
  /** Twelve hexadecimal digits, capital letters, nothing between them. */
  readonly mac: string;
}

export interface BindingInfo {
  /** `ms_pacer`. */
  readonly component: string;
  readonly displayName: string;
  readonly enabled: boolean;
}

export interface ServiceInfo {
  /** Of a driver's service (Win32_SystemDriver); `Missing` when there is none of that name. */
  readonly state: 'Running' | 'Stopped' | 'Start Pending' | 'Stop Pending' | 'Other' | 'Missing';
}

/** Event 1001 of the System log, as it stands there. */
export interface BugcheckEvent {
  /** EventRecordID. */
  readonly record: number;
  /** UTC, ISO 8601. */
  readonly time: string;
  readonly message: string;
}

export interface DumpFile {
  readonly path: string;
  readonly bytes: number;
  /** Of the last write, UTC, ISO 8601. */
  readonly time: string;
}

/**
 * Each with its parameters and its answer. A command that changes something ends when Windows says that it is done; a stack that is
 * waiting for a frame keeps it, and every command behind it, waiting.
 */
export interface ShellCommands {
  GetOsInfo: { parameters: Nothing; answer: OsInfo };
  /** Another one after every start of the machine: a GUID that the first call puts into a volatile key of the registry. */
  GetBootId: { parameters: Nothing; answer: { readonly boot: string } };
  /** `adapter: null`: there is none of that name. */
  GetAdapter: { parameters: { readonly name: string }; answer: { readonly adapter: AdapterInfo | null } };
  /** The adapter that has an IP address; `null` when none has it. */
  GetAdapterOfAddress: { parameters: { readonly address: string }; answer: { readonly name: string | null } };
  DisableAdapter: { parameters: { readonly name: string }; answer: Nothing };
  EnableAdapter: { parameters: { readonly name: string }; answer: Nothing };
  /** All components that may be bound to the adapter. */
  GetBinding: { parameters: { readonly name: string }; answer: { readonly bindings: readonly BindingInfo[] } };
  /** The adapters that the component may be bound to, by name. */
  GetBindingsOf: {
    parameters: { readonly component: string };
    answer: { readonly bindings: readonly { readonly adapter: string; readonly enabled: boolean }[] };
  };
  EnableBinding: { parameters: { readonly name: string; readonly component: string }; answer: Nothing };
  DisableBinding: { parameters: { readonly name: string; readonly component: string }; answer: Nothing };
  GetService: { parameters: { readonly name: string }; answer: ServiceInfo };
  StartService: { parameters: { readonly name: string }; answer: Nothing };
  StopService: { parameters: { readonly name: string }; answer: Nothing };
  /** Every lwfio that is not of the agent with this process id is ended, and gives back what it held. */
  EndHelpers: { parameters: { readonly agent: number }; answer: Nothing };
  /** Those with a record number above `after`, oldest first. */
  GetBugcheckEvents: {
    parameters: { readonly after: number };
    answer: { readonly events: readonly BugcheckEvent[] };
  };
  /** MEMORY.DMP, Minidump and LiveKernelReports. */
  GetDumps: { parameters: Nothing; answer: { readonly files: readonly DumpFile[] } };
}

export type ShellCommand = keyof ShellCommands;

/**
 * On the wire, a line each: `{"id": 1, "command": "GetAdapter", "parameters": {…}}` is answered by `{"id": 1, "answer": {…}}` or
 * `{"id": 1, "error": "words"}`. The first line of the host is `{"ready": "host/1"}`. One call at a time, in the order in which they came.
 */
export interface Shell {
  /** @throws RigRefusal: environment when the command failed, timeout when it does not answer, lost when there is no PowerShell any more */
  call<C extends ShellCommand>(
    command: C,
    parameters: ShellCommands[C]['parameters'],
  ): Promise<ShellCommands[C]['answer']>;
  close(): void;
}
