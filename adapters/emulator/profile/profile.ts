/** What a profile says, once it is read: how to install a binary driver, and how to make it do things. */
import type { Ask, DriverCapability } from '../../contract';

/** What adapters are. */
export type MediumName = 'ethernet' | 'wifi' | 'ip' | 'wan' | 'wirelessWan';

/** An integer of a template: known, or filled in when the request is put. */
export type IntegerValue =
  | { readonly literal: bigint }
  | { readonly name: 'count' | 'frameLength' | 'ifIndex' }
  /** Length in bytes of the field that carries the label. */
  | { readonly lengthOf: string };

export type Field = FieldContent & { readonly label?: string };

export type FieldContent =
  | { readonly kind: 'integer'; readonly size: 1 | 2 | 4 | 8; readonly value: IntegerValue }
  /** Zeros. */
  | { readonly kind: 'pad'; readonly length: number }
  /** Zeros up to a multiple, counted from the start of the buffer that the field is in. */
  | { readonly kind: 'align'; readonly to: number }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | {
      readonly kind: 'text';
      /** With placeholders. */
      readonly text: string;
      readonly encoding: 'utf8' | 'utf16le';
      readonly terminated: boolean;
      /** Filled up with zeros to that many bytes. */
      readonly size?: number;
    }
  /** The Ethernet frame. */
  | { readonly kind: 'frame' }
  /** The adapter's GUID, 16 bytes as the WDK's structure has them. */
  | { readonly kind: 'guid' }
  /** 8 bytes: the address of a buffer of its own. */
  | { readonly kind: 'pointer'; readonly to: Template }
  /** `count`: once for each frame asked for, and each time with the next frame. */
  | { readonly kind: 'repeat'; readonly times: number | 'count'; readonly of: Template };

export type Template = readonly Field[];

export type IoMethod = 'METHOD_BUFFERED' | 'METHOD_IN_DIRECT' | 'METHOD_OUT_DIRECT' | 'METHOD_NEITHER';

export interface IoControlCode {
  readonly value: number;
  readonly method: IoMethod;
  /** As the profile calls it, else the value in hexadecimal. */
  readonly name: string;
}

/** One request, to be put `times` times. */
export interface Step {
  readonly kind: 'write' | 'read' | 'ioctl';
  /** With `ioctl`. */
  readonly code?: IoControlCode;
  readonly input: Template;
  /** Bytes of the output buffer. */
  readonly outputLength: number;
  readonly times: number | 'count';
  /** It comes back only once what it originated has been completed: put by a thread of its own, and not waited for. */
  readonly blocks: boolean;
  /** Statuses with which it may come back for the sequence to go on, when it is waited for. */
  readonly status: readonly string[];
}

export interface AskPlan {
  /** None: the driver does it by itself. */
  readonly steps: readonly Step[];
  /** How often to put the whole sequence. */
  readonly times: number | 'count';
  /** `handle`: the effect is bound to the handle and ends with it. `module`: it stays with the filter module. */
  readonly scope: 'handle' | 'module';
  /** The steps as the profile has them: plain data. */
  readonly source: readonly unknown[];
}

export interface OpenPlan {
  /** Path of the device, with placeholders: `\Device\NPCAP_{guid}`. */
  readonly device: string;
  /** What follows the device's path and a backslash, with placeholders; empty for the device itself. */
  readonly file: string;
  /** The extended attribute of IRP_MJ_CREATE. */
  readonly ea?: { readonly name: string; readonly value: Template };
  /** The driver refuses a request of a handle while another one of it has not come back. */
  readonly oneAtATime: boolean;
}

export type RegistryType = 'REG_SZ' | 'REG_EXPAND_SZ' | 'REG_BINARY' | 'REG_DWORD' | 'REG_MULTI_SZ' | 'REG_QWORD';

/** A value with placeholders in its key and its data. */
export interface RegistryEntry {
  /** Absolute: `\Registry\Machine\…`. */
  readonly key: string;
  readonly name: string;
  readonly type: RegistryType;
  readonly data: bigint | string | readonly string[] | Uint8Array;
}

export interface FrameSettings {
  /** Bytes, without the checksum: 60 to 1514. */
  readonly length: number;
  readonly etherType: number;
}

export interface EmulatorProfile {
  /** Where it was read from. */
  readonly file: string;
  /** What reports call the driver. */
  readonly driver: string;
  readonly image: string;
  readonly service: string;
  readonly notes: string;
  /** What NdisGetVersion answers. */
  readonly ndis: { readonly major: number; readonly minor: number };
  /** Without a GUID it is the one that the driver registers with. */
  readonly filter: { readonly guid?: string; readonly class: string };
  /** Patterns with placeholders. */
  readonly adapters: {
    readonly baseMiniportName: string;
    readonly moduleName: string;
    /** Of the first adapter; the next ones count on. */
    readonly ifIndex: number;
    readonly medium: MediumName;
  };
  readonly registry: readonly RegistryEntry[];
  readonly frames: FrameSettings;
  /** Absent: applications cannot open the driver. */
  readonly open?: OpenPlan;
  /** Put after every open. */
  readonly setup: readonly Step[];
  readonly asks: Readonly<Partial<Record<Ask, AskPlan>>>;
  /** OIDs of the requests that the driver issues when it is asked to, by name or `0x…`: a miniport on a real machine keeps only what it is told of. */
  readonly oids: readonly string[];
  readonly capabilities: readonly DriverCapability[];
}
