/** Whose module a frame is of. */

/** Part of Windows, as far as they turn up in stacks of network crashes. */
const WINDOWS = new Set(
  `nt ntoskrnl ntkrnlmp ntkrnlpa ntkrpamp hal halmacpi halacpi win32k win32kbase win32kfull ndis tcpip tcpip6 netio fwpkclnt afd tdx tdi
  nsiproxy vmswitch vfpext wfplwfs mslldp pacer psched nwifi vwififlt vwifibus wdiwifi wificx wificlass netadaptercx ndiscap ndisuio
  ndisimplatform mslbfoprovider bridge tunnel raspppoe raspptp rasl2tp agilevpn rassstp rasacd ndiswan ndproxy ndistapi wanarp wanarpv6
  netbt netbios smb rdbss mrxsmb mrxsmb10 mrxsmb20 srv srv2 srvnet http msquic lltdio rspndr ipnat ipfltdrv qwavedrv winnat vmbus vmbkmcl
  vmbusr netvsc netvsc60 netvsc63 wdf01000 wdfldr wppRecorder fltmgr ntfs fastfat exfat refs cng ksecdd ksecpkg clfs ci storport classpnp
  disk partmgr volmgr volsnap volume iorate spaceport acpi pci msrpc usbport usbhub usbhub3 usbxhci usbehci ucx01000 usbccgp hidclass
  dxgkrnl dxgmms1 dxgmms2 watchdog pshed crashdmp dumpfve verifierext storahci stornvme rndismp6 rndismp usb8023 usb8023x usbncm
  mrxdav npfs msfs ahcache cimfs applockerfltr bam mmcss tcpipreg ndu mslltdio netadaptercx usbnet kbdclass mouclass i8042prt intelide
  pciide atapi ataport stexstor sdbus sdstor hdaudbus hdaudio portcls drmk usbaudio bthport bthusb rfcomm bthpan monitor basicdisplay
  basicrender pcw volmgrx fvevol rdyboost winhv winhvr hvservice vid vmbusr storvsc vhdmp umbus umpass swenum tpm vmbusproxy wdfilter wdnisdrv mpsdrv mpssvc intelppm processr amdppm
  mup bowser dfsc luafv condrv werkernel kdcom bootvid ks portcls termdd rdpdr peauth wof filecrypt bindflt wcifs cldflt storqosflt
  ndistimedoidcomplete ndistimeddatasend ndistimeddatahang ndisfiltertimedpausecomplete ndisfiltertimeddatasend ndisfiltertimeddatareceive
  unknown_module unknown_image unknown hardware memory_corruption hardware_disk`
    .split(/\s+/)
    .map((name) => name.toLowerCase()),
);

/** Of user mode: the end of a stack that began in an application. */
const USER_MODE =
  /^(?:ntdll|nsi|kernel32|kernelbase|user32|win32u|gdi32(?:full)?|combase|ole32|sechost|iphlpapi|ws2_32|mswsock|wow64.*|packet|wpcap|rpcrt4|ucrtbase|msvcrt)$/i;

export function isNdis(module: string | undefined): boolean {
  return module?.toLowerCase() === 'ndis';
}

/** `nt`, whatever kernel file it comes from. */
export function isKernel(module: string | undefined): boolean {
  return /^(?:nt|ntoskrnl|ntkrnlmp|ntkrnlpa|ntkrpamp)$/i.test(module ?? '');
}

export function isUserMode(module: string): boolean {
  return USER_MODE.test(module);
}

/** @returns whether the module is a driver that does not come with Windows */
export function isForeign(module: string): boolean {
  return !WINDOWS.has(module.toLowerCase()) && !isUserMode(module);
}

/** The network stack of Windows beside NDIS. */
export function isNetworkStack(module: string): boolean {
  return /^(?:tcpip|netio|fwpkclnt|afd|tdx|wfplwfs|pacer|nwifi|vwififlt|wdiwifi|netadaptercx|vmswitch|vfpext|ndisuio|ndiswan|raspppoe|wanarp|netbt|http|wdnisdrv)$/i.test(
    module,
  );
}
