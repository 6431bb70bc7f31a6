/** What an adapter can be for a filter: the medium that FilterAttach and FilterRestart are told of. */

export interface Medium {
  /** NDIS_MEDIUM. */
  readonly medium: number;
  /** NDIS_PHYSICAL_MEDIUM. */
  readonly physical: number;
  /** Bytes of the address in front of frames; 0 where there is none. */
  readonly addressLength: number;
}

const ADDRESS_LENGTH = 6;

/** @see https://learn.microsoft.com/windows-hardware/drivers/ddi/ntddndis/ne-ntddndis-_ndis_medium */
export const MEDIA = {
  ethernet: { medium: 0, physical: 14, addressLength: ADDRESS_LENGTH },
  wifi: { medium: 16, physical: 9, addressLength: ADDRESS_LENGTH },
  ip: { medium: 19, physical: 0, addressLength: 0 },
  wan: { medium: 3, physical: 0, addressLength: ADDRESS_LENGTH },
  wirelessWan: { medium: 9, physical: 8, addressLength: 0 },
} as const satisfies Readonly<Record<string, Medium>>;
