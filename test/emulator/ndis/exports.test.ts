import { expect } from 'chai';
import { ndisModule } from '../../../adapters/emulator/machine/ndis';
import {
  hex32,
  INDICATIONS,
  netPnPEventOf,
  netPnPEventValue,
  OIDS,
  requestTypeOf,
  requestTypeValue,
  statusOf,
  statusValue,
} from '../../../adapters/emulator/machine/ndis/constants';
import { STATUS_VALUES, type NdisStatus } from '../../../src/ndis';
import { createJudges } from '../../../src/rules';

/** What public filter drivers of a dozen years were found to import from ndis.sys. */
const IMPORTED = `
  NdisAcquireRWLockRead NdisAcquireRWLockWrite NdisAcquireReadWriteLock NdisAdjustNetBufferCurrentMdl
  NdisAdvanceNetBufferDataStart NdisAdvanceNetBufferListDataStart NdisAllocateCloneOidRequest
  NdisAllocateMdl NdisAllocateMemoryWithTagPriority NdisAllocateNetBuffer
  NdisAllocateNetBufferAndNetBufferList NdisAllocateNetBufferListPool NdisAllocateNetBufferMdlAndData
  NdisAllocateNetBufferPool NdisAllocateRWLock NdisCloseConfiguration NdisCopyFromNetBufferToNetBuffer
  NdisDeregisterDeviceEx NdisFCancelOidRequest NdisFCancelSendNetBufferLists NdisFDeregisterFilterDriver
  NdisFDevicePnPEventNotify NdisFDirectOidRequest NdisFDirectOidRequestComplete
  NdisFIndicateReceiveNetBufferLists NdisFIndicateStatus NdisFNetPnPEvent NdisFOidRequest
  NdisFOidRequestComplete NdisFPauseComplete NdisFRegisterFilterDriver NdisFRestartFilter
  NdisFReturnNetBufferLists NdisFSendNetBufferLists NdisFSendNetBufferListsComplete NdisFSetAttributes
  NdisFreeCloneOidRequest NdisFreeMdl NdisFreeMemory NdisFreeNetBuffer NdisFreeNetBufferList
  NdisFreeNetBufferListPool NdisFreeNetBufferPool NdisFreeRWLock NdisGetDataBuffer
  NdisGetDeviceReservedExtension NdisGetRoutineAddress NdisGetVersion NdisInitializeEvent
  NdisInitializeReadWriteLock NdisMSleep NdisOpenConfigurationEx NdisRegisterDeviceEx NdisReleaseRWLock
  NdisReleaseReadWriteLock NdisResetEvent NdisRetreatNetBufferDataStart NdisRetreatNetBufferListDataStart
  NdisSetEvent NdisSystemProcessorCount NdisWaitEvent
`;

describe('ndis.sys of the emulated machine', () => {
  const names = ndisModule.exports.map(({ name }) => name);

  it('has everything that filter drivers import', () => {
    expect(
      IMPORTED.trim()
        .split(/\s+/)
        .filter((name) => !names.includes(name)),
    ).to.deep.equal([]);
  });

  it('allows the IRQL that the rule on IRQLs does', () => {
    const isBrokenAt = (ddi: string, irql: number): boolean => {
      const judges = createJudges({ rules: new Set(['IRQ-01']) });
      judges.see({ seq: 1, dir: '=>', ddi, irql, thread: 't1' });
      return judges.violations.length > 0;
    };
    const judged = ndisModule.exports.filter(({ name }) => isBrokenAt(name, 15));
    expect(judged).to.have.length.above(40);
    for (const one of judged) {
      if (!('run' in one)) throw new Error(`${one.name} is no function`);
      expect(isBrokenAt(one.name, one.irql), one.name).to.equal(false);
      expect(isBrokenAt(one.name, one.irql + 1), one.name).to.equal(true);
    }
  });

  it('exports each name once, with the page it rests on', () => {
    expect(new Set(names).size).to.equal(names.length);
    for (const one of ndisModule.exports) {
      if (!('run' in one)) throw new Error(`${one.name} is no function`);
      expect(one.page).to.match(/^(ndis|nblapi)\/nf-(ndis|nblapi)-ndis[a-z0-9]+$/);
    }
  });
});

describe('Numbers of the interface of NDIS', () => {
  it('are statuses by name, and names by status; those without a name are their digits', () => {
    for (const name of Object.keys(STATUS_VALUES) as NdisStatus[]) expect(statusOf(statusValue(name))).to.equal(name);
    expect(statusOf(-1)).to.equal('0xFFFFFFFF');
    expect(statusValue('0xFFFFFFFF')).to.equal(0xffffffff);
    expect(statusValue('no status')).to.equal(STATUS_VALUES.NDIS_STATUS_FAILURE);
  });

  it('are OIDs, indications, request types and events', () => {
    expect(OIDS.valueOf('OID_GEN_STATISTICS')).to.equal(0x00020106);
    expect(OIDS.nameOf(0xff010203)).to.equal(hex32(0xff010203));
    expect(INDICATIONS.nameOf(0x40010017)).to.equal('NDIS_STATUS_LINK_STATE');
    expect(requestTypeOf(requestTypeValue('NdisRequestMethod'))).to.equal('NdisRequestMethod');
    expect(netPnPEventValue('NetEventFilterPreDetach')).to.equal(15);
    expect(netPnPEventOf(0)).to.equal('NetEventSetPower');
    expect(netPnPEventOf(99)).to.equal('0x00000063');
  });
});
