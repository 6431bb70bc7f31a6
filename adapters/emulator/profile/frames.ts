/** Ethernet frames for applications to send: each distinct, all valid, the same in every run. */
import type { FrameSettings } from './profile';

const MIN_FRAME = 60;
export const MAX_FRAME = 1514;
const HEADER = 14;

/** Of the local-experimental kind: nothing between the application and the wire makes anything of it. */
export const DEFAULT_FRAMES: FrameSettings = { length: MIN_FRAME, etherType: 0x88b5 };

/**
 * A frame without its checksum: from one locally administered address to another, then the sequence number (big-endian), and
 * bytes that follow from it.
 * @param sequence 0 to 2^32 - 1
 * @throws RangeError when the settings are no valid frame's
 */
export function ethernetFrame(sequence: number, settings: FrameSettings = DEFAULT_FRAMES): Uint8Array {
  const { length, etherType } = settings;
  if (length < MIN_FRAME || length > MAX_FRAME) {
    throw new RangeError(`an Ethernet frame has ${MIN_FRAME} to ${MAX_FRAME} bytes, not ${length}`);
  }
  const frame = new Uint8Array(length);
  const view = new DataView(frame.buffer);
  frame.set([0x02, 0x4c, 0x57, 0x46, 0x00, 0x02, 0x02, 0x4c, 0x57, 0x46, 0x00, 0x01]);
  view.setUint16(12, etherType);
  view.setUint32(HEADER, sequence);
  for (let offset = HEADER + 4; offset < length; offset += 1) frame[offset] = (sequence + offset) & 0xff;
  return frame;
}
