import { expect } from 'chai';
import {
  callsOf,
  declinedAttach,
  insideOf,
  pauseCompletions,
  registeredHandlers,
  registeredVersion,
  restartCompletions,
} from '../../step-definitions/support/trace-query';
import { trafficOf } from '../../step-definitions/support/traffic';
import type { Crossing, CrossingDraft } from '../../src/trace';

function trace(...drafts: readonly CrossingDraft[]): Crossing[] {
  return drafts.map((draft, index) => ({ seq: index + 1, thread: 't1', module: 'm1', ...draft }));
}

const nbls = (...names: readonly string[]) => names.map((nbl) => ({ nbl }));

describe('questions about a trace', () => {
  describe('traffic', () => {
    it('tells own sends from those that pass through', () => {
      const { originated, passed } = trafficOf(
        trace(
          { dir: '->', ddi: 'FilterSendNetBufferLists', nbls: nbls('n1', 'n2') },
          { dir: '=>', ddi: 'NdisFSendNetBufferLists', nbls: nbls('n1', 'n3') },
        ),
      );
      expect(passed.map(({ nbl }) => nbl)).to.deep.equal(['n1']);
      expect(originated.map(({ kind, what }) => `${kind} ${what}`)).to.deep.equal(['send n3']);
    });

    for (const ddi of ['NdisAllocateNetBufferAndNetBufferList', 'NdisAllocateNetBufferList']) {
      it(`takes an NBL that ${ddi} gave for an own one, although its name was a stranger before`, () => {
        const { originated } = trafficOf(
          trace(
            { dir: '->', ddi: 'FilterSendNetBufferLists', nbls: nbls('n1') },
            { dir: '=>', ddi: 'NdisFSendNetBufferListsComplete', nbls: nbls('n1') },
            { dir: '<=', ddi, nbls: nbls('n1') },
            { dir: '=>', ddi: 'NdisFSendNetBufferLists', nbls: nbls('n1') },
          ),
        );
        expect(originated).to.have.length(1);
      });
    }

    it('tells direct OID requests that the filter originates from those that pass through', () => {
      const { originated } = trafficOf(
        trace(
          { dir: '->', ddi: 'FilterDirectOidRequest', args: { request: 'r1' } },
          { dir: '<=', ddi: 'NdisAllocateCloneOidRequest', args: { clone: 'c1' } },
          { dir: '=>', ddi: 'NdisFDirectOidRequest', args: { request: 'c1', oid: 'OID_X' } },
          { dir: '=>', ddi: 'NdisFDirectOidRequest', args: { request: 'o1', oid: 'OID_Y' } },
        ),
      );
      expect(originated.map(({ kind, what }) => `${kind} ${what}`)).to.deep.equal(['OID request OID_Y']);
    });

    it('takes a clone of an NBL that passes for that NBL', () => {
      const ddi = 'NdisAllocateCloneNetBufferList';
      const { originated, passed, taken } = trafficOf(
        trace(
          { dir: '->', ddi: 'FilterSendNetBufferLists', nbls: nbls('n1') },
          { dir: '<=', ddi, args: { original: 'n1' }, nbls: nbls('n2') },
          { dir: '<=', ddi, args: { original: 'n2' }, nbls: nbls('n3') },
          { dir: '<=', ddi, args: { original: 'n9' }, nbls: nbls('n4') },
          { dir: '=>', ddi: 'NdisFSendNetBufferLists', nbls: nbls('n2', 'n3', 'n4') },
        ),
      );
      expect(passed.map(({ nbl }) => nbl)).to.deep.equal(['n2', 'n3']);
      expect(originated.map(({ what }) => what)).to.deep.equal(['n4']);
      expect(taken.map(({ nbl }) => nbl)).to.deep.equal(['n1']);
    });

    it('knows what the filter has in its hands', () => {
      const { sendsHeld, receivesHeld } = trafficOf(
        trace(
          { dir: '->', ddi: 'FilterSendNetBufferLists', nbls: nbls('n1', 'n2') },
          { dir: '=>', ddi: 'NdisFSendNetBufferLists', nbls: nbls('n1') },
          { dir: '->', ddi: 'FilterSendNetBufferListsComplete', nbls: nbls('n1') },
          { dir: '->', ddi: 'FilterReceiveNetBufferLists', nbls: nbls('r1', 'r2') },
          { dir: '=>', ddi: 'NdisFReturnNetBufferLists', nbls: nbls('r2') },
        ),
      );
      expect(sendsHeld).to.have.members(['n1', 'n2']);
      expect(receivesHeld).to.deep.equal(['r1']);
    });

    it('holds no low-resources receive after the handler has returned', () => {
      const delivery = trace(
        { dir: '->', ddi: 'FilterReceiveNetBufferLists', nbls: nbls('r1'), args: { flags: 2 } },
        { dir: '<-', ddi: 'FilterReceiveNetBufferLists', nbls: nbls('r1') },
      );
      expect(trafficOf(delivery.slice(0, 1)).receivesHeld).to.deep.equal(['r1']);
      expect(trafficOf(delivery).receivesHeld).to.deep.equal([]);
    });

    it('keeps deliveries apart that are nested on one thread', () => {
      const { receivesHeld } = trafficOf(
        trace(
          { dir: '->', ddi: 'FilterReceiveNetBufferLists', nbls: nbls('r1'), args: { flags: 2 } },
          { dir: '->', ddi: 'FilterReceiveNetBufferLists', module: 'm2', nbls: nbls('r2'), args: { flags: 0 } },
          { dir: '<-', ddi: 'FilterReceiveNetBufferLists', module: 'm2' },
          { dir: '<-', ddi: 'FilterReceiveNetBufferLists' },
        ),
      );
      expect(receivesHeld).to.deep.equal(['r2']);
    });

    it('takes neither a clone nor a request from above for an own OID request', () => {
      const { originated } = trafficOf(
        trace(
          { dir: '->', ddi: 'FilterOidRequest', args: { request: 'o1' } },
          { dir: '<=', ddi: 'NdisAllocateCloneOidRequest', args: { clone: 'o2' } },
          { dir: '=>', ddi: 'NdisFOidRequest', args: { request: 'o2', oid: 'OID_GEN_STATISTICS' } },
          { dir: '=>', ddi: 'NdisFOidRequest', args: { request: 'o1', oid: 'OID_GEN_STATISTICS' } },
          { dir: '=>', ddi: 'NdisFOidRequest', args: { request: 'o3', oid: 'OID_GEN_STATISTICS' } },
        ),
      );
      expect(originated.map(({ crossing }) => crossing.seq)).to.deep.equal([5]);
    });

    it('takes a status indicated inside FilterStatus for a forwarded one, on that thread only', () => {
      const { originated } = trafficOf(
        trace(
          { dir: '->', ddi: 'FilterStatus' },
          { dir: '=>', ddi: 'NdisFIndicateStatus', args: { code: 'NDIS_STATUS_LINK_STATE' } },
          { dir: '=>', ddi: 'NdisFIndicateStatus', thread: 't2', args: { code: 'NDIS_STATUS_NETWORK_CHANGE' } },
          { dir: '<-', ddi: 'FilterStatus' },
          { dir: '=>', ddi: 'NdisFIndicateStatus', args: { code: 'NDIS_STATUS_LINK_STATE' } },
        ),
      );
      expect(originated.map(({ crossing }) => crossing.seq)).to.deep.equal([3, 5]);
    });

    it('counts only what is asked for, but learns from everything', () => {
      const crossings = trace(
        { dir: '->', ddi: 'FilterSendNetBufferLists', nbls: nbls('n1') },
        { dir: '=>', ddi: 'NdisFSendNetBufferLists', nbls: nbls('n9') },
        { dir: '=>', ddi: 'NdisFSendNetBufferLists', nbls: nbls('n1') },
      );
      const { originated, passed } = trafficOf(crossings, ({ seq }) => seq > 2);
      expect(originated).to.deep.equal([]);
      expect(passed).to.have.length(1);
    });

    it('does not look at neighbours', () => {
      const { originated } = trafficOf(
        trace({ dir: '=>', ddi: 'NdisFSendNetBufferLists', neighbour: 'filter:upper', nbls: nbls('n1') }),
      );
      expect(originated).to.deep.equal([]);
    });
  });

  it('counts both ways of completing the last pause of a module', () => {
    const crossings = trace(
      { dir: '->', ddi: 'FilterPause' },
      { dir: '<-', ddi: 'FilterPause', status: 'NDIS_STATUS_SUCCESS' },
      { dir: '->', ddi: 'FilterPause' },
      { dir: '<-', ddi: 'FilterPause', status: 'NDIS_STATUS_PENDING' },
      { dir: '=>', ddi: 'NdisFPauseComplete' },
      { dir: '=>', ddi: 'NdisFPauseComplete', module: 'm2' },
    );
    expect(pauseCompletions(crossings, 'm1').map(({ seq }) => seq)).to.deep.equal([5]);
    expect(pauseCompletions(crossings.slice(0, 2), 'm1').map(({ seq }) => seq)).to.deep.equal([2]);
    expect(pauseCompletions(crossings, 'm3')).to.deep.equal([]);
  });

  it('takes every final status of FilterRestart for a completion', () => {
    const crossings = trace(
      { dir: '->', ddi: 'FilterRestart' },
      { dir: '<-', ddi: 'FilterRestart', status: 'NDIS_STATUS_RESOURCES' },
      { dir: '=>', ddi: 'NdisFRestartComplete', args: { status: 'NDIS_STATUS_SUCCESS' } },
    );
    expect(restartCompletions(crossings, 'm1').map(({ seq }) => seq)).to.deep.equal([2, 3]);
  });

  it('knows what happened inside a handler, thread by thread', () => {
    const crossings = trace(
      { dir: '->', ddi: 'FilterDetach' },
      { dir: '=>', ddi: 'NdisFreeMemory' },
      { dir: '=>', ddi: 'NdisFIndicateStatus', thread: 't2' },
      { dir: '<-', ddi: 'FilterDetach' },
      { dir: '=>', ddi: 'NdisFIndicateStatus' },
    );
    expect([...insideOf(crossings, 'FilterDetach')].map(({ seq }) => seq)).to.deep.equal([2]);
    expect(callsOf(crossings, 'NdisFIndicateStatus')).to.have.length(2);
  });

  it('tells a filter that declines the adapter from one that could not attach', () => {
    const entered = { dir: '->', ddi: 'FilterAttach' } as const;
    const declined = { dir: '<-', ddi: 'FilterAttach', status: 'NDIS_STATUS_NOT_SUPPORTED' } as const;
    const attached = { dir: '<-', ddi: 'FilterAttach', status: 'NDIS_STATUS_SUCCESS' } as const;
    const short = { dir: '<=', ddi: 'NdisAllocateMemoryWithTagPriority', args: { memory: null } } as const;
    expect(declinedAttach(trace(entered, declined))?.seq).to.equal(2);
    expect(declinedAttach(trace(entered, short, declined))).to.equal(undefined);
    expect(declinedAttach(trace(entered, attached, entered, declined))).to.equal(undefined);
    expect(declinedAttach(trace(entered))).to.equal(undefined);
  });

  it('knows what version of NDIS the driver registered for', () => {
    expect(registeredVersion(trace({ dir: '=>', ddi: 'NdisFRegisterFilterDriver', args: { minor: 20 } }))).to.equal(20);
    expect(registeredVersion(trace())).to.equal(undefined);
  });

  it('holds the driver to the registration that NDIS has taken', () => {
    const ddi = 'NdisFRegisterFilterDriver';
    const taken = trace(
      { dir: '=>', ddi, args: { minor: 30, handlers: ['FilterAttach', 'FilterStatus'] } },
      { dir: '<=', ddi, status: 'NDIS_STATUS_SUCCESS' },
      { dir: '=>', ddi, args: { minor: 1, handlers: ['FilterAttach'] } },
      { dir: '<=', ddi, status: 'NDIS_STATUS_FAILURE' },
    );
    expect(registeredHandlers(taken)).to.deep.equal(['FilterAttach', 'FilterStatus']);
    expect(registeredVersion(taken)).to.equal(30);

    const two = trace(
      { dir: '=>', ddi, args: { minor: 30 } },
      { dir: '<=', ddi, status: 'NDIS_STATUS_SUCCESS', args: { handle: 'd1' } },
      { dir: '=>', ddi, args: { minor: 20 } },
      { dir: '<=', ddi, status: 'NDIS_STATUS_SUCCESS', args: { handle: 'd2' } },
    );
    const second = two.map((one, index) => (index === 1 ? { ...one, args: { handle: 'd1', bound: false } } : one));
    expect(registeredVersion(second), 'the one on the adapters').to.equal(20);
    const ended = (handle: string): Crossing => ({
      seq: 5,
      dir: '=>',
      ddi: 'NdisFDeregisterFilterDriver',
      args: { handle },
    });
    expect(registeredVersion(two), 'the first is on the adapters').to.equal(30);
    expect(registeredVersion([...two, ended('d2')])).to.equal(30);
    expect(registeredVersion([...two, ended('d1')])).to.equal(20);
  });
});
