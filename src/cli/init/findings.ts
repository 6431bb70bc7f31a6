/** What the dry runs of a driver showed, in sentences: for the comments of the profile, and for the terminal. */
import type { FilterSeen, Inspection, OpenTried, Stage } from '../../../adapters/emulator/inspect';
import { plural } from '../../reporting/plural';
import { line } from '../../reporting/terminal/paint';

const DID: Readonly<Record<Stage['name'], string>> = {
  load: 'DriverEntry',
  attach: 'FilterAttach',
  restart: 'FilterRestart',
  pause: 'FilterPause, after a frame each way',
  'restart again': 'FilterRestart again',
  detach: 'pause and FilterDetach',
  unload: 'DriverUnload',
};

type State = Stage['state'];

/** @returns `STATUS_SUCCESS`, `it never ends`, or the bugcheck */
export function toldState(state: State): string {
  if (state.state === 'pending') return 'it never ends';
  return state.state === 'done' ? state.status : `the system stops: ${state.bugcheck}`;
}

export function stageText({ name, state }: Stage): string {
  return `${DID[name]}: ${toldState(state)}`;
}

export function fineStages({ stages }: Inspection): boolean {
  return stages.every(({ state }) => state.state === 'done' && state.status.endsWith('STATUS_SUCCESS'));
}

/** @returns the ways to open that were tried, without the one that is only there to see whether the driver looks at the name */
export function shownOpens(opens: readonly OpenTried[]): OpenTried[] {
  return opens.filter(({ isMadeUp }) => !isMadeUp);
}

/** @returns whether what stands behind the device's name makes no difference to the driver */
export function opensByAnyName({ draft: { open }, opens }: Inspection): boolean {
  if (!open || open.device.includes('{guid}')) return false;
  return opens.some((one) => one.isMadeUp && one.opens && one.device === open.device);
}

/** @returns a sentence on what an application opens */
export function howOpened(inspection: Inspection): string {
  const { draft, opens } = inspection;
  const { open } = draft;
  if (!open) return '';
  const way = open.file === '' ? open.device : `${open.device}\\${open.file}`;
  const answer = opens.find(({ device, file }) => device === open.device && file === open.file);
  if (answer && !answer.opens) return `${way}, as it was given, does not open on a running module: ${answer.answer}.`;
  if (!opensByAnyName(inspection)) return `${way} opens on a running module.`;
  return `${way} opens on a running module, and so does any other name behind it: what tells it the adapter?`;
}

/** @returns a sentence on what makes the driver send; empty when nothing does */
export function howItSends({ draft: { send, receive }, asked }: Inspection): string {
  const request = send ?? receive;
  if (!request) return '';
  const what = request.code === undefined ? 'A write of a frame' : 'The control code with a frame';
  if (asked && asked.sends + asked.receives === 0) {
    return `${what} ends with ${toldState(asked.inTheEnd)} and makes it send nothing: FILL IN the buffer that your application gives.`;
  }
  const does = send ? 'send it' : 'indicate it as a receive';
  return `${what} makes it ${does}${request.blocks ? ', and comes back once it is completed' : ' before it comes back'}.`;
}

/** @returns a sentence for each filter of an image that registers several, and on an extension of the switch */
export function filtersText({ draft, filters, attachesNowhere }: Inspection): string[] {
  const several = filters.length < 2 ? [] : filters.map((one) => filterText(one, draft.filter));
  return attachesNowhere === undefined ? several : [...several, `It attaches to no adapter here: ${attachesNowhere}.`];
}

function filterText({ registration, medium, onEthernet }: FilterSeen, judged: string | undefined): string {
  const { friendlyName, uniqueName, serviceName } = registration;
  const which =
    uniqueName === judged ? 'the one in the profile' : `another profile can have it, by "guid" below "filter"`;
  const place =
    medium === 'ethernet'
      ? 'attaches to Ethernet'
      : medium === undefined
        ? `attaches to no adapter here: FilterAttach ends with ${onEthernet}`
        : `attaches with "medium: ${medium}", and ends with ${onEthernet} on Ethernet`;
  return `One of its filters is "${friendlyName}" ${uniqueName}, service ${serviceName}: ${which}; it ${place}.`;
}

/** @returns a sentence on a registration that failed */
export function refusedText(status: string): string {
  return `NDIS refuses its registration: NdisFRegisterFilterDriver returns ${status}; look at its characteristics.`;
}

function lifeText(failed: Stage | undefined): string {
  return failed
    ? `A dry run ended at ${stageText(failed)}`
    : 'A dry run from DriverEntry to DriverUnload went through.';
}

/** @returns what `lwf init` tells in the terminal, a line each */
export function findingsText(inspection: Inspection): string {
  const { draft, registration, stages, lacks, repaired, devices, codes } = inspection;
  const failed = stages.find(({ state }) => state.state !== 'done' || !state.status.endsWith('STATUS_SUCCESS'));
  const open = draft.open
    ? howOpened(inspection)
    : `no way to open it was found: FILL IN "open"${inspection.readsAttribute ? ', it looks at an extended attribute' : ''}`;
  const sends = howItSends(inspection) || 'nothing was found that makes it send: FILL IN "asks"';
  const lines = [
    `${draft.image ?? draft.driver}: ${registration ? `"${registration.friendlyName}", service ${registration.serviceName}, NDIS ${registration.ndis}` : 'it does not register with NDIS'}`,
    ...filtersText(inspection),
    ...(repaired === undefined ? [] : [repaired]),
    ...(inspection.refused === undefined ? [] : [refusedText(inspection.refused)]),
    lacks === undefined ? lifeText(failed) : `The emulator could not go on: ${lacks}.`,
    devices.length === 0 ? 'It makes no device.' : `It makes ${devices.map(({ name }) => name).join(', ')}: ${open}`,
    ...(draft.open ? [sends] : []),
    ...(codes.length > 0
      ? [`${plural(codes.length, 'control code')} in its code: see the comments of the profile.`]
      : []),
  ];
  return `${lines.map((text) => `  ${line(text)}`).join('\n')}\n`;
}
