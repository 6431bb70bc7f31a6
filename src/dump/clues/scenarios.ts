/** The scenarios that come closest to what crashes show. Each rule of a conclusion has more of its own. */
import type { ScenarioName } from '../conclusion';

const QUESTION = 'features/questions/why-did-the-driver-still-crash-after-its-first-fix.feature';
const HISTORY = 'features/sequences/disabled-while-an-application-writes.feature';
const HANDLES = 'features/user-mode-handles/handles.feature';
const NOTHING = 'features/detach/nothing-after-detach.feature';
const RELEASING = 'features/detach/releasing.feature';

function of(feature: string, ...names: readonly string[]): ScenarioName[] {
  return names.map((name) => ({ feature, name }));
}

/** An application's handle outlives the module, and is used. */
export const STALE_HANDLE = [
  ...of(
    QUESTION,
    'Before any fix a write after the adapter was disabled stops the system',
    'After the first fix a write after the adapter was disabled still stops the system',
  ),
  ...of(HISTORY, 'The application writes before the pause, between pause and detach, and after the detach'),
  ...of(
    HANDLES,
    'An application still holds a handle when its adapter goes away',
    'A write is on its way into NDIS while the adapter is disabled',
  ),
  ...of(NOTHING, 'An application writes when its adapter has gone away'),
];

export const STALE_HANDLE_OID = [
  ...of(
    NOTHING,
    'An application has a module that is gone query an OID',
    'A work item is to query an OID on a module that is gone',
  ),
  ...of('features/oid/originate.feature', 'An application asks for an OID request after its adapter was disabled'),
];

export const STALE_HANDLE_STATUS = of(
  NOTHING,
  'An application asks for a status indication on a module that is gone',
  'A timer that was to indicate a status comes due after the detach',
);

export const STALE_HANDLE_RECEIVE = of(NOTHING, 'An application asks for receives on a module that is gone');

export const STALE_HANDLE_TIMER = of(NOTHING, 'A timer that was armed before the detach comes due after it');

/** A module that is not Running sends. */
export const SEND_WHILE_PAUSED = [
  ...of(
    QUESTION,
    'The first fix closes no gate when the pause succeeds at once',
    'The sketch leaves the gate open when nothing is outstanding',
  ),
  ...of(
    'features/questions/why-must-sends-be-refused-after-filterpause-succeeded.feature',
    "An application's send meets a module whose pause succeeded",
  ),
  ...of('features/pause/no-new-nbls.feature', 'An application writes to a paused filter'),
];

/** Frees what still belongs to others, or is detached under what is outstanding. */
export const NBL_OUTLIVES = [
  ...of('features/pause/pends.feature', 'The adapter is paused while two originated sends are with the miniport'),
  ...of(RELEASING, 'The pool outlives the last send'),
];

/** Someone still works on the module that FilterDetach frees. */
export const USER_OF_A_FREED_MODULE = [
  ...of(
    RELEASING,
    'An application closes its handle while the module is being detached',
    'A work item is under way when the adapter is disabled',
    'A timer callback is under way when the adapter is disabled',
  ),
  ...of(HANDLES, 'An application closes its handle after the adapter has gone'),
];

export const PAUSE_NEVER_ENDS = [
  ...of(
    'features/pause/completing.feature',
    'The last send that comes back completes the pause',
    'The user disables the adapter while sends are outstanding',
  ),
  ...of('features/pause/completions-go-on.feature', 'A send comes back while FilterPause is still at work'),
  ...of(QUESTION, 'The sketch counts an originated receive and never counts it back'),
];

export const DETACH_NEVER_ENDS = [
  ...of(HANDLES, 'Two applications sit on their handles', 'A refused write does not hold up detach'),
  ...of('features/detach/accepting.feature', 'A module that never ran is detached'),
  ...of('features/detach/control-path.feature', 'An own OID request is with the miniport when the adapter is disabled'),
];

export const WAITS_TOO_HIGH = of(
  'features/irql/irql.feature',
  'NDIS pauses a module with nothing outstanding',
  'A module lives its whole life',
);
