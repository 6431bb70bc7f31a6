import { expect } from 'chai';
import { characteristicsAt } from '../../../adapters/emulator/machine/ndis/characteristics';
import { FILTER_CHARACTERISTICS } from '../../../adapters/emulator/machine/ndis/layouts';
import type { NdisStatus } from '../../../src/ndis';
import { NDIS } from '../../../src/ndis/holder';
import { OidRequest } from '../../../src/ndis/oid-request';
import { Watch } from '../../../src/ndis/watch';
import { CODE } from '../machine/booted';
import { Caller } from './caller';

/** mov qword [r8], 0xc000009a; xor eax, eax; ret */
const PREVIEW = [0x49, 0xc7, 0x00, 0x9a, 0x00, 0x00, 0xc0, 0x31, 0xc0, 0xc3];
/** mov [r8], r9d; ret */
const COMPLETE = [0x45, 0x89, 0x08, 0xc3];
const COMPLETE_AT = CODE + 0x20;

describe('The handlers of synchronous OID requests in machine code', () => {
  const caller = new Caller({ code: { [CODE]: PREVIEW, [COMPLETE_AT]: COMPLETE } });
  const { guest, kernel } = caller;

  const handlersOf = (revision: 2 | 3) => {
    const at = caller.space(0x100);
    const length = FILTER_CHARACTERISTICS.sizes[revision === 2 ? 1 : 2];
    [0x8b, revision, length, 0, 6, 80].forEach((byte, index) => guest.memory.setU8(at + index, byte));
    guest.memory.setU64(at + FILTER_CHARACTERISTICS.synchronousOid, caller.at(CODE));
    guest.memory.setU64(at + FILTER_CHARACTERISTICS.synchronousOidComplete, caller.at(COMPLETE_AT));
    return characteristicsAt(guest, at);
  };

  it('are there from revision 3 of the characteristics on', () => {
    expect(Object.keys(handlersOf(2)).filter((name) => name.startsWith('Synchronous'))).to.deep.equal([]);
    expect(handlersOf(3).SynchronousOidRequestHandler).to.be.a('function');
  });

  it('put aside what comes back to the completion, and change the status', () => {
    const { SynchronousOidRequestHandler: preview, SynchronousOidRequestCompleteHandler: complete } = handlersOf(3);
    const status: { value: NdisStatus } = { value: 'NDIS_STATUS_SUCCESS' };
    const callContext: { value: unknown } = { value: null };
    const returned = caller.run(function* () {
      const request = new OidRequest('o1', NDIS, 'protocol', new Watch(kernel));
      request.requestType = 'NdisRequestMethod';
      const first = preview && (yield* preview(undefined, request, callContext));
      if (complete) yield* complete(undefined, request, status, callContext.value);
      return first;
    });
    expect(returned).to.equal('NDIS_STATUS_SUCCESS');
    expect(callContext.value).to.equal(0xffff_ffff_c000_009an);
    expect(status.value).to.equal('NDIS_STATUS_RESOURCES');
  });
});
