import { withTables } from '../../emulator/image/builder';

const RESOURCE = 2;

/** @returns an image whose resources name a version of four numbers; undefined: one without resources */
export function imageOfVersion(version: string | undefined): Uint8Array {
  if (version === undefined) return withTables(() => ({}));
  const [major = 0, minor = 0, build = 0, revision = 0] = version.split('.').map(Number);
  return withTables((data) => {
    const directory = (id: number, target: number) => data.zeros(12).u16(0, 1).u32(id, target);
    directory(16, 0x8000_0018);
    directory(1, 0x8000_0030);
    directory(1033, 0x48);
    data.u32(data.rva + 16, 92, 0, 0);
    data.u16(92, 52, 0).wide('VS_VERSION_INFO').align(4);
    data.u32(0xfeef_04bd, 0x1_0000).u16(minor, major, revision, build).zeros(40);
    return { [RESOURCE]: [0x2000, 0x100] };
  });
}
