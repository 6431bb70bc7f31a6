/** What happens to the same drivers in C, where several of them end alike. */

/** For a defect that takes an NBL of others for its own and frees it. */
export const FREED_WITH_ITS_DATA =
  '(In C its data is freed like own data, and is no pool block of the driver: the system stops there.)';
