/** @returns the four characters of a pool tag, in the order in which a debugger shows them; `?` for what is not printable */
export function tagText(tag: number): string {
  let text = '';
  for (let shift = 0; shift < 32; shift += 8) {
    const byte = (tag >>> shift) & 0xff;
    text += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '?';
  }
  return text;
}
