import { expect } from 'chai';
import type { Call } from '../../src/kernel';
import type { NdisHandle } from '../../src/ndis';
import { answerTo } from '../../src/ndis/stack/oid-answers';
import { runningStage } from './play';

describe('The miniport, when it is queried', () => {
  it('tells how large a frame may be, as drivers that size their writes by it need to know', () => {
    expect([...answerTo('OID_GEN_MAXIMUM_TOTAL_SIZE', '')]).to.deep.equal([0xea, 0x05, 0, 0]);
  });

  it('tells its address', () => {
    expect([...answerTo('OID_802_3_CURRENT_ADDRESS', '02-00-00-00-00-01')]).to.deep.equal([2, 0, 0, 0, 0, 1]);
  });

  it('tells how long a buffer must be that is too short for a query', async () => {
    const { rig, tiny } = await runningStage();
    const asked = async (Oid: string, InformationBufferLength: number, RequestType = 'Query'): Promise<string> => {
      let told = '';
      tiny.onWrite = function* (): Call<void> {
        const request = yield* tiny.wdk.AllocateOidRequest(tiny.handles[0] as NdisHandle);
        if (!request) return;
        Object.assign(request, { Oid, InformationBufferLength, RequestType: `NdisRequest${RequestType}Information` });
        const status = yield* tiny.wdk.NdisFOidRequest(tiny.handles[0] as NdisHandle, request);
        told = `${status.slice('NDIS_STATUS_'.length)} ${request.BytesWritten} ${request.BytesNeeded}`;
      };
      await rig.ask('app', 'send');
      return told;
    };
    await rig.openHandle('app', 'A');
    expect(await asked('OID_802_3_CURRENT_ADDRESS', 4)).to.equal('BUFFER_TOO_SHORT 0 6');
    expect(await asked('OID_802_3_CURRENT_ADDRESS', 6)).to.equal('SUCCESS 6 0');
    expect(await asked('OID_GEN_SUPPORTED_LIST', 0)).to.equal('BUFFER_TOO_SHORT 0 8');
    expect(await asked('OID_GEN_SUPPORTED_LIST', 1), 'who knows').to.equal('SUCCESS 1 0');
    expect(await asked('OID_GEN_CURRENT_PACKET_FILTER', 0, 'Set')).to.equal('SUCCESS 0 0');
  });

  it('answers with zeros what nobody needs', () => {
    expect([...answerTo('OID_GEN_STATISTICS', '')]).to.deep.equal([0, 0, 0, 0, 0, 0, 0, 0]);
  });
});
