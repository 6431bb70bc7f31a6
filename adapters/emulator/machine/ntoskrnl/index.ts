/**
 * The kernel's exports, each on the kernel of the model: one file for a family, an `Export` with its documentation page and
 * highest IRQL each. State of a boot is kept in classes that `guest.part` makes.
 */
import type { ExportModule } from '../contract';
import type { Guest } from '../guest';
import { aliasExports } from './aliases';
import { answerExports, numberOfProcessors } from './answers';
import { bitmapExports } from './bitmaps';
import { callbackExports } from './callbacks';
import { builtIrpExports } from './built-irps';
import { calendarExports } from './calendar';
import { cancelSafeQueueExports } from './cancel-safe-queues';
import { crtExports } from './crt';
import { crtFormatExports } from './crt-format';
import { crtNumberExports } from './crt-numbers';
import { crtTextExports } from './crt-text';
import { cryptographyModules } from './cryptography';
import { debugExports } from './debug';
import { deferredExports } from './deferred';
import { driverObjectExports } from './driver-objects';
import { exTimerExports } from './ex-timers';
import { fastMutexExports } from './fast-mutexes';
import { fileExports } from './files';
import { genericTableExports } from './generic-tables';
import { handleExports } from './handles';
import { hashTableExports } from './hash-tables';
import { ioExports } from './io';
import { ipAddressExports } from './ip-addresses';
import { listExports } from './lists';
import { lockExports } from './locks';
import { lookasideExports } from './lookaside';
import { memoryExports } from './memory';
import { pageExports } from './memory-more';
import { processExports } from './processes';
import { registryExports } from './registry';
import { registryHelperExports } from './registry-helpers';
import { filterManager, resourceExports } from './resources';
import { removeLockExports } from './remove-locks';
import { cacheAwareRundownExports } from './rundowns';
import { sharedSpinLockExports } from './shared-spin-locks';
import { securityExports } from './security';
import { sidExports } from './sids';
import { stringExports } from './strings';
import { stringConversionExports } from './strings-more';
import { systemExports, systemValues, systemVariables } from './system';
import { threadExports } from './threads';
import { timeExports } from './time';
import { traceRecorder, tracingExports } from './tracing';
import { waitExports } from './waits';

export { DebugOutput } from './debug';
export { Handles } from './handles';
export { Rundowns, SpinLocks } from './locks';
export { tagText } from './memory';
export { DispatcherObjects, OBJECT } from './objects';
export { Registry, type RegistryValue } from './registry';
export { EventTracing, type TracedEvent, type TraceSession } from './tracing';
export { waitFor } from './waits';

/** Everything that drivers import from the kernel and its neighbours; NDIS has its own room. */
export const KERNEL_MODULES: readonly ExportModule<Guest>[] = [
  {
    module: 'ntoskrnl.exe',
    exports: [
      ...aliasExports,
      ...answerExports,
      ...bitmapExports,
      ...builtIrpExports,
      ...calendarExports,
      ...callbackExports,
      ...cancelSafeQueueExports,
      ...crtExports,
      ...crtFormatExports,
      ...crtNumberExports,
      ...crtTextExports,
      ...debugExports,
      ...deferredExports,
      ...driverObjectExports,
      ...handleExports,
      ...hashTableExports,
      ...ioExports,
      ...ipAddressExports,
      ...listExports,
      ...lockExports,
      ...lookasideExports,
      ...memoryExports,
      ...exTimerExports,
      ...fastMutexExports,
      ...fileExports,
      ...genericTableExports,
      ...pageExports,
      ...processExports,
      ...registryExports,
      ...registryHelperExports,
      ...resourceExports,
      ...removeLockExports,
      ...cacheAwareRundownExports,
      ...sharedSpinLockExports,
      ...securityExports,
      ...sidExports,
      ...stringExports,
      ...stringConversionExports,
      ...systemExports,
      ...threadExports,
      ...timeExports,
      ...tracingExports,
      ...waitExports,
      ...systemVariables,
      numberOfProcessors,
      ...systemValues,
    ],
  },
  filterManager,
  traceRecorder,
  ...cryptographyModules,
];
