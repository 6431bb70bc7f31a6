/** Keys of the registry that every Windows machine with network adapters has, and that filter drivers read to find adapters. */
import type { DraftValue } from './draft';
import type { RegistryRead } from './observer';

const NETWORK_CLASS = '{4D36E972-E325-11CE-BFC1-08002BE10318}';
const WHY = 'as on every Windows machine';

const KNOWN: readonly Omit<DraftValue, 'active' | 'why'>[] = [
  ...(['Tcpip', 'Tcpip6'] as const).flatMap((service) => [
    {
      key: `HKLM\\System\\CurrentControlSet\\Services\\${service}\\Linkage`,
      name: 'Bind',
      value: "['\\Device\\{guid}']",
    },
    {
      key: `HKLM\\System\\CurrentControlSet\\Services\\${service}\\Linkage`,
      name: 'Export',
      value: `['\\Device\\${service}_{guid}']`,
    },
  ]),
  {
    key: `HKLM\\System\\CurrentControlSet\\Control\\Class\\${NETWORK_CLASS}\\{instance}`,
    name: 'NetCfgInstanceId',
    value: "'{guid}'",
  },
  {
    key: `HKLM\\System\\CurrentControlSet\\Control\\Class\\${NETWORK_CLASS}\\{instance}`,
    name: 'DriverDesc',
    value: "'Ethernet adapter {adapter}'",
  },
  {
    key: `HKLM\\System\\CurrentControlSet\\Control\\Class\\${NETWORK_CLASS}\\{instance}\\Linkage`,
    name: 'Export',
    value: "['\\Device\\{guid}']",
  },
  {
    key: `HKLM\\System\\CurrentControlSet\\Control\\Network\\${NETWORK_CLASS}\\{guid}\\Connection`,
    name: 'Name',
    value: "'Ethernet {adapter}'",
  },
];

/** @returns the values of a usual machine below, at or above the keys that the driver looked for in vain */
export function machineValues(reads: readonly RegistryRead[]): DraftValue[] {
  const missed = reads.filter(({ found }) => !found).map(({ key }) => pathOf(key));
  return KNOWN.filter(({ key }) => {
    const fixed = pathOf(key).replace(/\\\{(instance|guid)\}.*/, '');
    return missed.some((asked) => asked === fixed || fixed.startsWith(`${asked}\\`) || asked.startsWith(`${fixed}\\`));
  }).map((value) => ({ ...value, active: true, why: WHY }));
}

/** One spelling for the ways to write a key. */
function pathOf(key: string): string {
  return key
    .replace(/^(HKLM|\\Registry\\Machine)\\/i, '')
    .replace(/\\ControlSet001(?=\\)/i, '\\CurrentControlSet')
    .replace(/\\+$/, '')
    .toLowerCase();
}
