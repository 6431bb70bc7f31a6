import type { Call } from '../../kernel';
import { FilterDriver } from '../driver';
import { badPointer, ndisBugcheck } from '../faults';
import { handleName, targetOf } from '../handle';
import { characteristicsAreBad, suppliedDataHandlers, suppliedHandlers } from '../handlers';
import type { Ndis } from '../ndis';
import type { NdisStatus } from '../status';
import { statusName } from '../status-name';
import { detachDriver, putOnAdapters, reconfigure } from '../stack/sequences';
import type { NdisFilterDriverCharacteristics } from '../wdk';
import type { ExportContext } from './context';
import type { Implementations } from './implementations';

type LifeExports = Implementations<
  | 'NdisFRegisterFilterDriver'
  | 'NdisFDeregisterFilterDriver'
  | 'NdisSetOptionalHandlers'
  | 'NdisFSetAttributes'
  | 'NdisFRestartComplete'
  | 'NdisFPauseComplete'
  | 'NdisFRestartFilter'
>;

/** Released minor numbers of NDIS 6 below 6.80; from there on every number is taken. */
const MINOR_VERSIONS: readonly number[] = [0, 1, 20, 30, 40, 50, 51, 60, 70];

/** Registration of the driver, and the calls that belong to the life of a module. */
export const lifeExports: LifeExports = {
  *NdisFRegisterFilterDriver(cx, object, context, characteristics, out) {
    const ddi = 'NdisFRegisterFilterDriver';
    cx.requirePointer(ddi, characteristics);
    cx.requirePointer(ddi, out);
    cx.called(ddi, {
      args: {
        handlers: suppliedHandlers(characteristics),
        major: characteristics.MajorNdisVersion,
        minor: characteristics.MinorNdisVersion,
      },
    });
    const refusal = refusalOf(characteristics, cx.ndis);
    if (refusal) {
      cx.returned(ddi, { status: refusal, args: { handle: null } });
      return refusal;
    }
    const driver = new FilterDriver(cx.kernel.identity('driver'), object, context, characteristics);
    out.value = driver.handle;
    const options = yield* setOptions(cx, driver);
    if (options !== 'NDIS_STATUS_SUCCESS') {
      driver.registered = false;
      cx.returned(ddi, { status: statusName(options), args: { handle: null } });
      return options;
    }
    cx.ndis.registered.add(driver);
    const { boundFilter } = cx.ndis;
    const isBound = cx.ndis.driver?.registered !== true && (boundFilter === undefined || driver.isNamed(boundFilter));
    if (isBound) yield* putOnAdapters(cx.ndis, driver);
    const args = { handle: driver.handle.handle, ...(!isBound && { bound: false }) };
    cx.returned(ddi, { status: 'NDIS_STATUS_SUCCESS', args });
    return 'NDIS_STATUS_SUCCESS';
  },

  *NdisFDeregisterFilterDriver(cx, handle) {
    const ddi = 'NdisFDeregisterFilterDriver';
    cx.called(ddi, { args: { handle: handleName(handle) } });
    const driver = targetOf(handle, FilterDriver);
    if (!driver?.registered) throw badPointer(cx.kernel, `${ddi} was given no registered driver's handle`, 'handle');
    if (driver === cx.ndis.driver) {
      for (const adapter of cx.ndis.adapters.values()) yield* adapter.exclusively(() => detachDriver(adapter));
    }
    driver.registered = false;
    cx.ndis.registered.delete(driver);
    const leak = cx.ndis.registered.size === 0 && [...cx.ndis.pools].find((pool) => pool.live.size > 0);
    if (leak) throw ndisBugcheck(cx.kernel, '0x27', `the driver deregistered while NBLs of ${leak.id} were alive`);
    cx.returned(ddi);
  },

  *NdisSetOptionalHandlers(cx, filter, characteristics) {
    const ddi = 'NdisSetOptionalHandlers';
    cx.requirePointer(ddi, characteristics);
    const args = { handlers: suppliedDataHandlers(characteristics) };
    if (targetOf(filter, FilterDriver)?.registered) {
      // "There are no optional filter driver services": only modules have handlers to change.
      cx.called(ddi, { args: { handle: handleName(filter), ...args } });
      cx.returned(ddi, { status: 'NDIS_STATUS_NOT_SUPPORTED' });
      return 'NDIS_STATUS_NOT_SUPPORTED';
    }
    const module = cx.onModule(ddi, filter, { args });
    const status = module.setOptionalHandlers(characteristics);
    cx.backOn(ddi, module, { status });
    return status;
  },

  *NdisFSetAttributes(cx, filter, moduleContext) {
    const ddi = 'NdisFSetAttributes';
    const module = cx.onModule(ddi, filter, { args: { context: contextName(cx, moduleContext) } });
    const status: NdisStatus = cx.ndis.shortage.strikes('other')
      ? 'NDIS_STATUS_RESOURCES'
      : module.setAttributes(moduleContext);
    cx.backOn(ddi, module, { status });
    return status;
  },

  *NdisFRestartComplete(cx, filter, status) {
    const ddi = 'NdisFRestartComplete';
    const module = cx.onModule(ddi, filter, { args: { status: statusName(status) } });
    module.life.restartComplete(status);
    cx.backOn(ddi, module);
  },

  *NdisFPauseComplete(cx, filter) {
    const ddi = 'NdisFPauseComplete';
    const module = cx.onModule(ddi, filter);
    module.life.pauseComplete();
    cx.backOn(ddi, module);
  },

  *NdisFRestartFilter(cx, filter) {
    const ddi = 'NdisFRestartFilter';
    const module = cx.onModule(ddi, filter);
    const { adapter } = module;
    const status: NdisStatus = module.state === 'Running' ? 'NDIS_STATUS_SUCCESS' : 'NDIS_STATUS_FAILURE';
    if (status === 'NDIS_STATUS_SUCCESS') {
      const change = adapter.exclusively(() => reconfigure(adapter));
      cx.kernel.spawn(`restart of ${adapter.name} asked for by a filter`, change);
    }
    cx.backOn(ddi, module, { status });
    return status;
  },
};

/** An image may register several filters, each under the name that its INF gives it; of a name there is one. */
function refusalOf(
  characteristics: NdisFilterDriverCharacteristics,
  { registered, version }: Ndis,
): NdisStatus | undefined {
  const { MajorNdisVersion: major, MinorNdisVersion: minor, UniqueName } = characteristics;
  if (major !== 6 || !(MINOR_VERSIONS.includes(minor) || minor >= 80)) return 'NDIS_STATUS_BAD_VERSION';
  if (version && (version.major < major || version.minor < minor)) return 'NDIS_STATUS_BAD_VERSION';
  if (characteristics.HeaderIsBad || characteristicsAreBad(characteristics)) return 'NDIS_STATUS_BAD_CHARACTERISTICS';
  return [...registered].some((known) => known.isNamed(UniqueName)) ? 'NDIS_STATUS_FAILURE' : undefined;
}

function* setOptions(cx: ExportContext, driver: FilterDriver): Call<NdisStatus> {
  const handler = driver.characteristics.SetOptionsHandler;
  if (!handler) return 'NDIS_STATUS_SUCCESS';
  return yield* cx.ndis.boundary.enter(
    'FilterSetOptions',
    {},
    () => handler(driver.handle, driver.context),
    (status) => ({ status: statusName(status) }),
  );
}

/** Identity of a module context, so that a trace shows when two modules share one. */
function contextName(cx: ExportContext, context: unknown): string | null {
  if (typeof context !== 'object' || context === null) return null;
  const known = cx.kernel.pool.blockOf(context)?.id ?? cx.ndis.contexts.get(context);
  if (known !== undefined) return known;
  const name = cx.kernel.identity('context');
  cx.ndis.contexts.set(context, name);
  return name;
}
