import { expect } from 'chai';
import { stateAfter, type Crossing, type ModuleState } from '../../src/trace';

const at = (dir: Crossing['dir'], ddi: string, more: Partial<Crossing> = {}): Crossing => ({
  seq: 1,
  dir,
  ddi,
  ...more,
});

describe('The state that a crossing brings a module into', () => {
  const cases: readonly (readonly [
    what: string,
    now: ModuleState,
    crossing: Crossing,
    then: ModuleState | undefined,
  ])[] = [
    ['a pause that succeeds', 'Pausing', at('<-', 'FilterPause', { status: 'NDIS_STATUS_SUCCESS' }), 'Paused'],
    ['a pause that pends', 'Pausing', at('<-', 'FilterPause', { status: 'NDIS_STATUS_PENDING' }), undefined],
    [
      'a pause completed before its handler returns',
      'Paused',
      at('<-', 'FilterPause', { status: 'NDIS_STATUS_PENDING' }),
      undefined,
    ],
    ['a restart that fails', 'Restarting', at('<-', 'FilterRestart', { status: 'NDIS_STATUS_RESOURCES' }), 'Paused'],
    [
      'a restart completed late',
      'Restarting',
      at('=>', 'NdisFRestartComplete', { args: { status: 'NDIS_STATUS_SUCCESS' } }),
      'Running',
    ],
    [
      'a restart completed that never was',
      'Paused',
      at('=>', 'NdisFRestartComplete', { args: { status: 'NDIS_STATUS_SUCCESS' } }),
      undefined,
    ],
    ['an attach that fails', 'Attaching', at('<-', 'FilterAttach', { status: 'NDIS_STATUS_RESOURCES' }), 'Detached'],
    ['a sighting', 'Running', at('!!', 'ModuleState', { args: { state: 'Pausing' } }), 'Pausing'],
    ['a sighting of what is no state', 'Running', at('!!', 'ModuleState', { args: { state: 'Asleep' } }), undefined],
  ];
  for (const [what, now, crossing, then] of cases) {
    it(what, () => {
      expect(stateAfter(crossing, now)).to.equal(then);
    });
  }
});
