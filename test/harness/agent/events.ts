/** Events of ETW as the manifest lays them out: constructed, not recorded. */

/** @param guid in braces @returns its 16 bytes as Windows keeps them */
export function guidBytes(guid: string): Buffer {
  const [a = '', b = '', c = '', ...rest] = guid.replace(/[{}]/g, '').split('-');
  const number = (hex: string): Buffer => Buffer.from(hex, 'hex').reverse();
  return Buffer.concat([number(a), number(b), number(c), Buffer.from(rest.join(''), 'hex')]);
}

/** Event 10312 of Microsoft-Windows-NDIS. */
export function filterStateEvent({
  state,
  adapter,
  name,
  module = '{00000000-0000-0000-0000-000000000001}',
}: {
  readonly state: number;
  readonly adapter: string;
  readonly name: string;
  readonly module?: string;
}): Buffer {
  const text = (value: string): Buffer => Buffer.from(`${value}\0`, 'utf16le');
  return Buffer.concat([
    guidBytes(module),
    Buffer.from([state, 0, 0, 0, 0]),
    guidBytes(adapter),
    text('Ethernet 2'),
    text(`Ethernet 2-${name}-0000`),
    text(name),
  ]);
}
