/** What travels besides the calls of the rig. The published form of all of it is `adapter-1.schema.json`. */
import type { Crossing } from '../../../src/trace';
import type { Capabilities, RigOptions } from '../rig';

export const PROTOCOL = 'lwf-adapter/1';

/** A line is at most this many bytes long, its line feed not counted. */
export const LONGEST_MESSAGE = 1024 * 1024;

/** Crossings that the kit asks for at once. */
export const TRACE_PAGE = 1000;

export interface HelloParams {
  readonly protocols: readonly string[];
  readonly controller: { readonly name: string; readonly version: string };
  /** Optional parts of the protocol that the controller knows: name, and what it says under it. */
  readonly extensions?: Readonly<Record<string, unknown>>;
}

export interface HelloResult {
  readonly protocol: typeof PROTOCOL;
  readonly adapter: { readonly name: string; readonly version?: string };
  readonly driver: string;
  readonly observation: Capabilities['observation'];
  readonly capabilities: Capabilities['adapter'];
  /** Other drivers that `profile` and `open` take by name. */
  readonly exhibits?: readonly string[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

export interface OpenParams extends RigOptions {
  readonly driver?: string;
}

export interface TraceResult {
  readonly crossings: readonly Crossing[];
  readonly more?: boolean;
}

/** Codes of JSON-RPC 2.0, and the one for what a rig refuses (`data.kind`). */
export const CODE = {
  parseError: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internalError: -32603,
  refused: -32000,
} as const;

/** Text or number, echoed as it came. */
export type MessageId = string | number;

export interface ErrorObject {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}
