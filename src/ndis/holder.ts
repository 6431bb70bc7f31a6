/** Who has an NBL or an OID request in his hands. An object has exactly one holder at any time. */
export interface Holder {
  readonly name: string;
  /** True for the driver under test and its modules: only then may its code touch the object. */
  readonly isDriver: boolean;
}

/** NDIS itself: between two layers, or on its free list. */
export const NDIS: Holder = { name: 'NDIS', isDriver: false };

/** The driver under test as a whole, where it does not say for which of its modules. */
export const THE_DRIVER: Holder = { name: 'driver', isDriver: true };
