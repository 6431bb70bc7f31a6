/** What an event of the probe says about itself, as TraceLogging has it. */

type Field = readonly [name: string, type: number];

/** Fields of the event in lwf_probe.h, with their types in TraceLogging. */
export const FIELDS: readonly Field[] = Object.entries({
  ...{ image: 0x15, loaded: 0x0a, seq: 0x0a, of: 0x0a, direction: 0x04, options: 0x04, irql: 0x04 },
  ...{ ddi: 0x02, text: 0x01, handle: 0x15, context: 0x15, thread: 0x15, cpu: 0x08, line: 0x08 },
  ...{ status: 0x14, values: 0x55, chain: 0x55 },
});

export function metadataOf(fields: readonly Field[], name = 'Crossing'): Buffer {
  const parts = fields.map(([field, type]) => Buffer.concat([Buffer.from(`${field}\0`), Buffer.from([type])]));
  const body = Buffer.concat([Buffer.from([0]), Buffer.from(`${name}\0`), ...parts]);
  const size = Buffer.alloc(2);
  size.writeUInt16LE(body.length + 2);
  return Buffer.concat([size, body]);
}

export const METADATA = metadataOf(FIELDS);
