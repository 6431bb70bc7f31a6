import { expect } from 'chai';
import { attached, broken, exercised, RUNNING } from './trace-dsl';

const MANDATORY = ['FilterAttach', 'FilterDetach', 'FilterRestart', 'FilterPause'];

const registers = (handlers: readonly string[], status = 'SUCCESS'): string => `
  ->DriverEntry
  =>NdisFRegisterFilterDriver handlers=${handlers.join(',')}
  <=NdisFRegisterFilterDriver = ${status} handle=hd
  <-DriverEntry = ${status === 'SUCCESS' ? 'STATUS_SUCCESS' : 'STATUS_UNSUCCESSFUL'}`;

const registered = (...more: readonly string[]): string => registers([...MANDATORY, ...more]);
const LIVES = `${attached()}\n m1 ->FilterRestart\n m1 <-FilterRestart = SUCCESS`;

describe('Judging what a driver registers', () => {
  describe('what every filter needs (REG-05)', () => {
    it('acquits the four alone', () => {
      expect(broken(registered())).to.deep.equal([]);
      expect(exercised('REG-05', registered())).to.equal(1);
    });

    for (const missing of MANDATORY) {
      it(`condemns a driver without ${missing}, whether or not NDIS lets it in`, () => {
        const rest = MANDATORY.filter((handler) => handler !== missing);
        expect(broken(registers(rest))).to.deep.equal(['REG-05']);
        expect(broken(registers(rest, 'FAILURE'))).to.deep.equal(['REG-05']);
      });
    }

    it('says nothing where the trace does not show the handlers', () => {
      expect(broken('=>NdisFRegisterFilterDriver\n <=NdisFRegisterFilterDriver = SUCCESS')).to.deep.equal([]);
    });
  });

  describe('what comes in pairs (REG-07)', () => {
    for (const family of ['', 'Direct']) {
      const [main, complete] = [`Filter${family}OidRequest`, `Filter${family}OidRequestComplete`];
      it(`acquits ${main} with its completion, and neither`, () => {
        expect(broken(registered(main, complete))).to.deep.equal([]);
      });

      it(`condemns ${main} or its completion alone`, () => {
        expect(broken(registered(main))).to.deep.equal(['REG-07']);
        expect(broken(registered(complete))).to.deep.equal(['REG-07']);
      });
    }

    it('acquits any choice of synchronous handlers', () => {
      expect(broken(registered('FilterSynchronousOidRequest'))).to.deep.equal([]);
      expect(broken(registered('FilterSynchronousOidRequestComplete'))).to.deep.equal([]);
    });
  });

  describe('the way back of what is called (REG-09)', () => {
    const send = '\n t2: m1 =>NdisFSendNetBufferLists [n1] handle=hm1 flags=0';
    const up = (nbls: string): string => `\n t2: m1 =>NdisFIndicateReceiveNetBufferLists [${nbls}] handle=hm1 count=1`;
    const oid = '\n t2: m1 =>NdisFOidRequest request=r1 oid=OID_X handle=hm1';

    it('condemns a send, an own receive and an OID request without the callback', () => {
      expect(broken(`${registered()}${LIVES}${send}`)).to.include('REG-09');
      expect(broken(`${registered()}${LIVES}${up('n1')}`)).to.include('REG-09');
      expect(broken(`${registered()}${LIVES}${oid}`)).to.include('REG-09');
    });

    it('acquits them with it', () => {
      expect(broken(`${registered('FilterSendNetBufferListsComplete')}${LIVES}${send}`)).to.deep.equal([]);
      expect(broken(`${registered('FilterReturnNetBufferLists', 'FilterStatus')}${LIVES}${up('n1')}`)).to.deep.equal(
        [],
      );
      expect(broken(`${registered('FilterOidRequest', 'FilterOidRequestComplete')}${LIVES}${oid}`)).to.deep.equal([]);
    });

    it('acquits passing up the receives of others without a return handler', () => {
      const through = `\n t6: m1 ->FilterReceiveNetBufferLists [r1] count=1 flags=0${up('r1').replace('t2:', 't6:')}`;
      expect(broken(`${registered('FilterReceiveNetBufferLists', 'FilterStatus')}${LIVES}${through}`)).to.deep.equal(
        [],
      );
    });

    const changes = (handlers: string, status = 'SUCCESS'): string => `
      m1 ->FilterSetModuleOptions
      m1 =>NdisSetOptionalHandlers handlers=${handlers}
      m1 <=NdisSetOptionalHandlers = ${status}
      m1 <-FilterSetModuleOptions = SUCCESS`;
    const withSends = registered(
      'FilterSendNetBufferLists',
      'FilterSendNetBufferListsComplete',
      'FilterSetModuleOptions',
    );
    const lives = (handlers: string, status?: string): string =>
      `${attached()}${changes(handlers, status)}\n m1 ->FilterRestart\n m1 <-FilterRestart = SUCCESS`;

    it('goes by the table in force: what NdisSetOptionalHandlers took away, and gave', () => {
      expect(broken(`${withSends}${lives('')}${send}`)).to.include('REG-09');
      expect(broken(`${withSends}${lives('FilterSendNetBufferListsComplete')}${send}`)).to.deep.equal([]);
      expect(
        broken(`${registered('FilterSetModuleOptions')}${lives('FilterSendNetBufferListsComplete')}${send}`),
      ).to.deep.equal([]);
    });

    it('goes by the old table when NDIS refuses the change', () => {
      expect(broken(`${withSends}${lives('', 'FAILURE')}${send}`)).to.deep.equal([]);
    });

    it('keeps the tables of two modules apart', () => {
      const two = `${withSends}${lives('')}${attached('m2')}\n m2 ->FilterRestart\n m2 <-FilterRestart = SUCCESS`;
      expect(broken(`${two}${send.replaceAll('m1', 'm2')}`)).to.deep.equal([]);
    });

    const again = (status: string, handlers = MANDATORY): string => `
      =>NdisFRegisterFilterDriver handlers=${handlers.join(',')}
      <=NdisFRegisterFilterDriver = ${status}`;

    it('keeps the table of a driver whose second registration is refused', () => {
      expect(broken(`${withSends}${again('FAILURE handle=null')}${LIVES}${send}`)).to.deep.equal([]);
      expect(broken(`${registered()}${again('FAILURE handle=null')}${LIVES}${send}`)).to.include('REG-09');
    });

    it('does not know whose table a module has when two registrations are in force that differ', () => {
      expect(broken(`${withSends}${again('SUCCESS handle=he')}${LIVES}${send}`)).to.deep.equal([]);
      expect(broken(`${registered()}${again('SUCCESS handle=he')}${LIVES}${send}`)).to.include('REG-09');
      const apart = (bound: string): string => registered().replace('handle=hd', `handle=hd bound=${bound}`);
      const senders = [...MANDATORY, 'FilterSendNetBufferLists', 'FilterSendNetBufferListsComplete'];
      const both = (first: string): string => `${apart(first)}${again('SUCCESS handle=he', senders)}${LIVES}${send}`;
      expect(broken(both('true')), 'either').to.deep.equal([]);
      expect(broken(both('false')), 'the second').to.deep.equal([]);
      const onlyFirst = `${registered()}${again('SUCCESS handle=he bound=false', senders)}${LIVES}${send}`;
      expect(broken(onlyFirst), 'the first').to.include('REG-09');
      const ended = '\n =>NdisFDeregisterFilterDriver handle=hd\n <=NdisFDeregisterFilterDriver';
      expect(broken(`${withSends}${again('SUCCESS handle=he')}${ended}${LIVES}${send}`)).to.include('REG-09');
    });

    it('says nothing when the registration was not seen', () => {
      expect(broken(`${LIVES}${send}${oid}`)).to.deep.equal([]);
    });
  });

  describe('readiness before registration (REG-13)', () => {
    const early = `
      ->DriverEntry
      =>NdisFRegisterFilterDriver handlers=${MANDATORY.join(',')}
      t2: m1 ->FilterAttach handle=hm1`;
    const attachEnds = (thread: string, module: string): string => `
      ${thread}: ${module} =>NdisFSetAttributes handle=h${module} context=c${module}
      ${thread}: ${module} <=NdisFSetAttributes = SUCCESS
      ${thread}: ${module} <-FilterAttach = SUCCESS`;
    const registered = `
      <=NdisFRegisterFilterDriver = SUCCESS handle=hd
      <-DriverEntry = SUCCESS`;
    const end = `${attachEnds('t2', 'm1')}${registered}`;

    it('acquits an attach inside the call, on another thread or the same, of one adapter or two', () => {
      expect(broken(`${early}${end}`)).to.deep.equal([]);
      expect(broken(`${early}${end}`.replaceAll('t2: ', ''))).to.deep.equal([]);
      expect(exercised('REG-13', `${early}${end}`)).to.equal(1);
      const another = `\n t3: m2 ->FilterAttach handle=hm2${attachEnds('t2', 'm1')}${attachEnds('t3', 'm2')}`;
      expect(broken(`${early}${another}${registered}`)).to.deep.equal([]);
    });

    it('condemns a fault in that attach', () => {
      expect(broken(`${early}\n t2: !!Bugcheck code=0x7E reason=null`)).to.deep.equal(['REG-13']);
      expect(
        broken(`${early}\n t2: !!Access what=memory object=x1 access=read scope=driver freed=false`),
      ).to.deep.equal(['REG-13']);
    });

    it('does not blame it for a fault elsewhere, or later', () => {
      expect(broken(`${early}\n t5: !!Bugcheck code=0x7E`)).to.deep.equal([]);
      expect(
        broken(`${early}${end}${attached('m2').split('\n').slice(0, 2).join('\n')}\n !!Bugcheck code=0x7E`),
      ).to.deep.equal([]);
    });

    it('knows from the return of DriverEntry that the call is over', () => {
      const unreturned = `${early}${end}`.replace(
        '<=NdisFRegisterFilterDriver = SUCCESS handle=hd',
        '# not written down',
      );
      expect(broken(`${unreturned}\n t2: m2 ->FilterAttach handle=hm2\n t2: !!Bugcheck code=0x7E`)).to.deep.equal([]);
    });
  });

  it('has nothing to say of a life that goes well', () => {
    expect(broken(RUNNING)).to.deep.equal([]);
  });
});
