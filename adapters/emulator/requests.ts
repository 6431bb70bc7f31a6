/** From a vendor's profile to what applications do on the machine: opens and requests, down to the byte. */
import type { PlannedIrp, RequestPlan } from '../modelled';
import type { RawRequest } from './machine';
import {
  adapterFacts,
  planAsk,
  planOpen,
  planSetup,
  type EmulatorProfile,
  type PlannedRequest,
  type Rendered,
} from './profile';

/**
 * @param registered tells the UniqueName that the driver registered, once it has: applications know it from the INF
 * @returns how applications talk to the driver of a profile
 */
export function requestPlan(profile: EmulatorProfile, registered: () => string | undefined): RequestPlan {
  const facts = (adapter: string, position: number) => adapterFacts(profile, adapter, position, registered());
  return {
    open(adapter, position) {
      const planned = planOpen(profile, facts(adapter, position));
      if (!planned) return undefined;
      const { device, fileName, ea, oneAtATime } = planned;
      const raw: RawRequest | undefined = ea && {
        attribute: { name: ea.name, value: ea.value.buffers[0].bytes },
      };
      return {
        device,
        fileName: fileName.replace(/^\\/, ''),
        ...(raw && { input: { raw } }),
        ...(oneAtATime && { oneAtATime }),
      };
    },
    setup: (adapter, position) => planSetup(profile, facts(adapter, position)).map(irpOf),
    ask: (what, adapter, position, count, sequence) =>
      planAsk(profile, what, facts(adapter, position), count, sequence)?.map(irpOf),
  };
}

function irpOf({ irp, code, input, outputLength, blocks, status }: PlannedRequest): PlannedIrp {
  const raw: RawRequest = {
    ...(code && { ioControlCode: code.value }),
    input: bytesOf(input),
    outputLength,
  };
  return { major: irp, ...(code && { ioControlCode: code.name }), input: { raw }, blocks, goesOn: status };
}

/** A buffer that holds addresses of others can be written only once these have a place. */
function bytesOf({ buffers }: Rendered): NonNullable<RawRequest['input']> {
  const [own] = buffers;
  if (own.pointers.length === 0) return own.bytes;
  return (place) => {
    const filled = (index: number): Uint8Array => {
      const { bytes, pointers } = buffers[index] ?? own;
      const copy = bytes.slice();
      const view = new DataView(copy.buffer);
      for (const { offset, buffer } of pointers) view.setBigUint64(offset, place(filled(buffer)), true);
      return copy;
    };
    return filled(0);
  };
}
