import type { ExportModule, Guest } from './machine';
import { ndisModule } from './machine/ndis';
import { NETWORK_MODULES } from './machine/network';
import { KERNEL_MODULES } from './machine/ntoskrnl';

/** Everything that an image is linked to. */
export const MODULES: readonly ExportModule<Guest>[] = [ndisModule, ...KERNEL_MODULES, ...NETWORK_MODULES];
