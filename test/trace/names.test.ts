import { expect } from 'chai';
import { KNOWN_NAMES, probablyMeant } from '../../src/trace/names';

describe('The names of crossings', () => {
  it('are understood when one letter slipped', () => {
    const slips: [string, string][] = [
      ['FilterPuase', 'FilterPause'],
      ['FilterPaus', 'FilterPause'],
      ['FilterPausee', 'FilterPause'],
      ['FilterPauze', 'FilterPause'],
      ['filterpause', 'FilterPause'],
      ['NdisFSendNetbufferLists', 'NdisFSendNetBufferLists'],
      ['ilterDetach', 'FilterDetach'],
      ['IRP_MJ_CLEANUPP', 'IRP_MJ_CLEANUP'],
      ['Quiescant', 'Quiescent'],
    ];
    for (const [written, meant] of slips) expect(probablyMeant(written), written).to.equal(meant);
  });

  it('are left alone when they are others', () => {
    for (const name of KNOWN_NAMES) expect(probablyMeant(name), name).to.equal(undefined);
    for (const name of [
      'NdisMPauseComplete',
      'NdisFreeNetBuffer',
      'NdisGetVersion',
      'KeSetEvent',
      'IRP_MJ_POWER',
      'A',
    ]) {
      expect(probablyMeant(name), name).to.equal(undefined);
    }
  });
});
