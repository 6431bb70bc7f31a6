/** Where the excerpts in `fixtures/` come from: public reports, cut down to the lines that matter. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Source {
  readonly from: string;
}

export const SOURCES: Readonly<Record<string, Source>> = {
  'npf-2016-write': {
    from: 'the question "NdisFSendNetBufferLists causes BSoD when the adapter is being disabled" (February 2016) about nmap/npcap',
  },
  'wait-in-detach': { from: 'https://github.com/nmap/npcap/issues/184' },
  'watchdog-filter-pause': { from: 'https://github.com/wbenny/injdrv/issues/20' },
  'set-event-in-detach': { from: 'https://github.com/nmap/nmap/issues/1642' },
  'lock-in-cleanup': { from: 'https://github.com/nmap/npcap/issues/746' },
  'clone-of-a-bad-request': {
    from: 'https://github.com/nmap/npcap/issues/755 and https://github.com/nmap/npcap/issues/729',
  },
  'free-nb-under-verifier': {
    from: 'https://github.com/nmap/npcap/issues/212 (its stack shortened, frames between written from the issue)',
  },
  'filter-in-send-path': { from: 'https://github.com/nmap/npcap/issues/819' },
  'miniport-in-pause': { from: 'https://github.com/nmap/nmap/issues/1943' },
  'firewall-callout': { from: 'https://github.com/tailscale/tailscale/issues/15175' },
  'callout-injection': { from: 'https://github.com/nmap/npcap/issues/118' },
  'dpc-watchdog-netkvm': { from: 'https://github.com/virtio-win/kvm-guest-drivers-windows/issues/85' },
  'double-fault-miniport': { from: 'https://github.com/virtio-win/kvm-guest-drivers-windows/issues/80' },
  'verifier-leak': { from: 'https://github.com/microsoft/ebpf-for-windows/issues/2197' },
  'verifier-timed-oid': {
    from: 'https://learn.microsoft.com/windows-hardware/drivers/devtest/debugging-ndis-wifi-timeouts---driver-verifier-detected-violation--c4---0x92003--etc-',
  },
  whocrashed: { from: 'https://github.com/cloudveiltech/Filter-Windows/issues/49' },
  'event-log': { from: 'https://github.com/OpenVPN/openvpn/issues/258' },
  'handle-of-a-detached-module': { from: 'https://github.com/microsoft/xdp-for-windows/issues/97' },
  'firewall-injection': { from: 'https://github.com/basil00/WinDivert/issues/129' },
  'callout-below-ndis': { from: 'https://github.com/microsoft/ebpf-for-windows/issues/531' },
  'receive-into-wanarp': { from: 'https://github.com/nmap/nmap/issues/1569' },
  redacted: { from: 'https://github.com/nmap/npcap/issues/824' },
  'list-entry-tdi': { from: 'https://github.com/AdguardTeam/AdguardForWindows/issues/2062' },
};

/** @returns the excerpt of that name */
export function fixture(name: string): string {
  return readFileSync(join(__dirname, 'fixtures', `${name}.txt`), 'utf8');
}
