/** IP Helper: no TCP/IP is bound to these adapters, so its tables cannot be had, and nobody is told of changes. */
import { define, DISPATCH, type GuestExport } from '../ntoskrnl/define';
import { STATUS } from '../status';

const UNAVAILABLE = [
  ...['GetIfEntry2', 'GetIfTable2', 'GetIpInterfaceEntry', 'GetIpInterfaceTable', 'SetIpInterfaceEntry'],
  ...['GetUnicastIpAddressEntry', 'GetUnicastIpAddressTable', 'GetIpForwardTable2', 'GetBestRoute2'],
  ...['GetIpNetTable2', 'ResolveIpNetEntry2'],
  ...['NotifyIpInterfaceChange', 'NotifyUnicastIpAddressChange', 'NotifyRouteChange2', 'CancelMibChangeNotify2'],
  ...['ConvertInterfaceIndexToLuid', 'ConvertInterfaceLuidToIndex', 'ConvertInterfaceLuidToGuid'],
  ...['ConvertInterfaceGuidToLuid', 'ConvertInterfaceAliasToLuid', 'ConvertInterfaceLuidToAlias'],
];

export const ipHelperExports: readonly GuestExport[] = [
  ...UNAVAILABLE.map((name) =>
    define(name, DISPATCH, `netioapi/nf-netioapi-${name.toLowerCase()}`, () => STATUS.NOT_SUPPORTED),
  ),
  define('FreeMibTable', DISPATCH, 'netioapi/nf-netioapi-freemibtable', () => undefined),
];
