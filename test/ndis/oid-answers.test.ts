import { expect } from 'chai';
import { answerTo } from '../../src/ndis/stack/oid-answers';

describe('The miniport, when it is queried', () => {
  it('tells how large a frame may be, as drivers that size their writes by it need to know', () => {
    expect([...answerTo('OID_GEN_MAXIMUM_TOTAL_SIZE', '')]).to.deep.equal([0xea, 0x05, 0, 0]);
  });

  it('tells its address', () => {
    expect([...answerTo('OID_802_3_CURRENT_ADDRESS', '02-00-00-00-00-01')]).to.deep.equal([2, 0, 0, 0, 0, 1]);
  });

  it('answers with zeros what nobody needs', () => {
    expect([...answerTo('OID_GEN_STATISTICS', '')]).to.deep.equal([0, 0, 0, 0, 0, 0, 0, 0]);
  });
});
