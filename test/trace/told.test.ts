import { expect } from 'chai';
import { toldBy } from '../../src/trace/told';

describe('A line that cannot be read', () => {
  it('still tells what is there in one piece', () => {
    expect(toldBy('{"seq":7,"dir":"=>","ddi":"NdisGetVersion","thre')).to.deep.equal({
      seq: 7,
      dir: '=>',
      ddi: 'NdisGetVersion',
    });
    expect(toldBy('{"seq":7')).to.equal(undefined);
    expect(toldBy('{"ddi":"FilterPuase"}'), 'a slip').to.deep.equal({ ddi: 'FilterPause' });
  });

  it('tells of no neighbour that there cannot be', () => {
    expect(toldBy('"neighbour":"filter:above"')).to.deep.equal({ neighbour: 'filter:above' });
    expect(toldBy('"neighbour":"me"')).to.equal(undefined);
  });

  it('tells nothing twice: two lines may have become one', () => {
    const two =
      '{"seq":7,"dir":"=>","ddi":"NdisGetVersion","neighbour":"miniport"{"seq":8,"dir":"->","ddi":"FilterPause"}';
    expect(toldBy(two)).to.deep.equal({ neighbour: 'miniport' });
  });
});
