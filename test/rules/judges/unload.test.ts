import { expect } from 'chai';
import { attached, ATTACHED, broken, exercised, PAUSED, REGISTERED } from './trace-dsl';

const UNLOAD = '\n ->FilterDriverUnload';
const UNLOADED = '\n <-FilterDriverUnload';
const calls = '\n =>NdisFDeregisterFilterDriver handle=hd';
const returns = '\n <=NdisFDeregisterFilterDriver';
const DEREGISTERS = `${calls}${returns}`;
const detach = (module = 'm1'): string => `\n ${module} ->FilterDetach\n ${module} <-FilterDetach`;

const MEMORY = '\n =>ExAllocatePoolWithTag tag=LwfG\n <=ExAllocatePoolWithTag memory=g1';
const freesGlobals = '\n =>ExFreePoolWithTag memory=g1\n <=ExFreePoolWithTag';
const NBL = `
  =>NdisAllocateNetBufferAndNetBufferList pool=p1
  <=NdisAllocateNetBufferAndNetBufferList [n1] pool=p1`;

describe('Judging how a driver leaves', () => {
  describe('NdisFDeregisterFilterDriver (UNL-01)', () => {
    it('condemns an unload without it, and acquits one with it', () => {
      expect(broken(`${REGISTERED}${UNLOAD}${UNLOADED}`)).to.deep.equal(['UNL-01']);
      expect(broken(`${REGISTERED}${UNLOAD}${DEREGISTERS}${UNLOADED}`)).to.deep.equal([]);
    });

    it('condemns a second call, in the same unload', () => {
      expect(broken(`${REGISTERED}${UNLOAD}${DEREGISTERS}${DEREGISTERS}${UNLOADED}`)).to.deep.equal(['UNL-01']);
    });

    it('acquits a driver that is loaded again', () => {
      const once = `${REGISTERED}${UNLOAD}${DEREGISTERS}${UNLOADED}`;
      expect(broken(`${once}${once}`)).to.deep.equal([]);
    });

    it('condemns a call from anywhere but the unload and a DriverEntry that fails', () => {
      expect(
        broken(`${REGISTERED}\n t2: ->IRP_MJ_DEVICE_CONTROL irp=i1\n t2: =>NdisFDeregisterFilterDriver`),
      ).to.deep.equal(['UNL-01']);
      const failing = REGISTERED.replace(
        '<-DriverEntry = SUCCESS',
        `${DEREGISTERS}\n <-DriverEntry = STATUS_UNSUCCESSFUL`,
      );
      expect(broken(failing)).to.deep.equal([]);
    });

    it('condemns a call after a registration that failed, and acquits none', () => {
      const failed = (after: string): string => `
        ->DriverEntry
        =>NdisFRegisterFilterDriver
        <=NdisFRegisterFilterDriver = RESOURCES${after}
        <-DriverEntry = STATUS_INSUFFICIENT_RESOURCES`;
      expect(broken(failed(DEREGISTERS))).to.deep.equal(['UNL-01']);
      expect(broken(failed(''))).to.deep.equal([]);
    });

    describe('of a driver that registers twice', () => {
      const second = (status: string): string => `
        =>NdisFRegisterFilterDriver
        <=NdisFRegisterFilterDriver = ${status}
        <-DriverEntry = SUCCESS`;
      const registered = (status: string): string => REGISTERED.replace('\n  <-DriverEntry = SUCCESS', second(status));
      const twice = registered('SUCCESS handle=he');
      const other = DEREGISTERS.replace('hd', 'he');

      it('acquits a call for each, in either order, and NBLs of the one that is still there', () => {
        expect(broken(`${twice}${UNLOAD}${DEREGISTERS}${other}${UNLOADED}`)).to.deep.equal([]);
        expect(broken(`${twice}${UNLOAD}${other}${DEREGISTERS}${UNLOADED}`)).to.deep.equal([]);
        const frees = '\n =>NdisFreeNetBufferList [n1]\n <=NdisFreeNetBufferList';
        expect(broken(`${twice}${NBL}${UNLOAD}${DEREGISTERS}${frees}${other}${UNLOADED}`)).to.deep.equal([]);
        expect(broken(`${twice}${NBL}${UNLOAD}${DEREGISTERS}${other}${UNLOADED}`)).to.deep.equal(['UNL-04']);
      });

      it('acquits a call for the first when the second was refused', () => {
        expect(broken(`${registered('FAILURE')}${UNLOAD}${DEREGISTERS}${UNLOADED}`)).to.deep.equal([]);
        expect(broken(`${registered('FAILURE')}${UNLOAD}${UNLOADED}`)).to.deep.equal(['UNL-01']);
      });

      it('condemns one that is left, and a second call for the same', () => {
        expect(broken(`${twice}${UNLOAD}${other}${UNLOADED}`)).to.deep.equal(['UNL-01']);
        expect(broken(`${twice}${UNLOAD}${other}${other}${DEREGISTERS}${UNLOADED}`)).to.deep.equal(['UNL-01']);
      });
    });

    it('needs no returns, and no beginning', () => {
      expect(broken(`${REGISTERED}${UNLOAD}${calls}${UNLOADED}`)).to.deep.equal([]);
      expect(broken(`${UNLOAD}${UNLOADED}`)).to.deep.equal([]);
    });
  });

  describe('what NDIS calls on the way needs the globals (UNL-02)', () => {
    const access = '\n t2: !!Access what=memory object=g1 access=read scope=driver freed=true';

    it('condemns a use of what was freed before the call, in it and before it', () => {
      expect(
        broken(`${ATTACHED}${MEMORY}${UNLOAD}${freesGlobals}${calls}\n m1 ->FilterDetach${access.replace('t2: ', '')}`),
      ).to.deep.equal(['UNL-02']);
      expect(broken(`${ATTACHED}${MEMORY}${UNLOAD}${freesGlobals}${access}`)).to.deep.equal(['UNL-02']);
    });

    it('finds out from the free that it was freed', () => {
      const bare = '\n t2: !!Access what=memory object=g1 access=read';
      expect(broken(`${ATTACHED}${MEMORY}${UNLOAD}${freesGlobals}${calls}${bare}`)).to.deep.equal(['UNL-02']);
    });

    it('takes a fault in a detach on the way for such a use (and for nothing else)', () => {
      expect(
        broken(`${ATTACHED}${MEMORY}${UNLOAD}${freesGlobals}${calls}\n m1 ->FilterDetach\n !!Bugcheck code=0x3B`),
      ).to.deep.equal(['UNL-02']);
    });

    it('acquits globals that go after the call', () => {
      expect(
        broken(`${ATTACHED}${MEMORY}${UNLOAD}${calls}${detach()}${returns}${freesGlobals}${UNLOADED}`),
      ).to.deep.equal([]);
      expect(exercised('UNL-02', `${ATTACHED}${UNLOAD}${calls}`)).to.equal(1);
    });

    it('leaves memory of a module to the rules of its detach', () => {
      const memory = MEMORY.replaceAll(/(=>|<=)/g, 'm1 $1').replaceAll('g1', 'x1');
      const own = '\n m1 =>NdisFreeMemory memory=x1\n m1 <=NdisFreeMemory';
      const used = '\n t2: !!Access what=memory object=x1 access=read scope=m1 freed=true';
      expect(broken(`${ATTACHED}${memory}${UNLOAD}${calls}\n m1 ->FilterDetach${own}${used}`)).to.deep.equal([
        'DET-09',
      ]);
    });
  });

  describe('NBLs that are alive (UNL-04)', () => {
    it('condemns one when the call returns, and when NDIS finds it', () => {
      expect(broken(`${REGISTERED}${NBL}${UNLOAD}${DEREGISTERS}`)).to.deep.equal(['UNL-04']);
      expect(broken(`${REGISTERED}${NBL}${UNLOAD}${calls}\n !!Bugcheck code=0x7C p1=0x27`)).to.deep.equal(['UNL-04']);
    });

    it('acquits those that are freed before, or by a detach on the way', () => {
      const frees = '\n =>NdisFreeNetBufferList [n1]\n <=NdisFreeNetBufferList';
      expect(broken(`${REGISTERED}${NBL}${frees}${UNLOAD}${DEREGISTERS}${UNLOADED}`)).to.deep.equal([]);
      const onTheWay = `${calls}\n m1 ->FilterDetach\n m1 =>NdisFreeNetBufferList [n1]\n m1 <=NdisFreeNetBufferList
        m1 <-FilterDetach${returns}`;
      expect(broken(`${PAUSED}${NBL.replaceAll(/(=>|<=)/g, 'm1 $1')}${UNLOAD}${onTheWay}${UNLOADED}`)).to.deep.equal(
        [],
      );
    });

    it('does not blame the leak for a fault in a detach that is still under way', () => {
      expect(
        broken(
          `${PAUSED}${attached('m2')}${NBL}${UNLOAD}${calls}${detach()}\n m2 ->FilterDetach\n t5: !!Bugcheck code=0x3B`,
        ),
      ).to.deep.equal([]);
    });
  });
});
