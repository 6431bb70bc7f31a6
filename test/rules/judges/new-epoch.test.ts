import { expect } from 'chai';
import { attached, broken, exercised, PAUSED, restarted, RUNNING } from './trace-dsl';

const DOWN = 'NdisFSendNetBufferLists';

const REFUSED = `
  t5: m1 ->FilterSendNetBufferLists [f1] flags=0
  t5: m1 =>NdisFSendNetBufferListsComplete [f1 PAUSED] flags=0
  t5: m1 <=NdisFSendNetBufferListsComplete
  t5: m1 <-FilterSendNetBufferLists`;

const write = (irp: string, file: string, rest: string): string => `
  t2: ->IRP_MJ_WRITE irp=${irp} file=${file}${rest}`;
const served = (irp: string, nbl: string, file = 'a1'): string =>
  write(
    irp,
    file,
    `
  t2: m1 =>${DOWN} [${nbl}] handle=hm1
  t2: m1 <=${DOWN}
  t2: <-IRP_MJ_WRITE = STATUS_SUCCESS
  t9: m1 ->FilterSendNetBufferListsComplete [${nbl}] flags=0
  t9: m1 <-FilterSendNetBufferListsComplete`,
  );
const failed = (irp: string, status = 'STATUS_DEVICE_NOT_READY', file = 'a1'): string =>
  write(irp, file, `\n t2: <-IRP_MJ_WRITE = ${status}`);

const AGAIN = `\n m1 ->FilterPause\n m1 <-FilterPause = SUCCESS${restarted()}`;

describe('Judging whether a restart begins a new epoch (RST-13)', () => {
  describe('sends that are refused while Running', () => {
    it('condemns them after the first restart, and after a later one', () => {
      expect(broken(`${RUNNING}${REFUSED}`)).to.deep.equal(['RST-13']);
      expect(broken(`${RUNNING}${AGAIN}${REFUSED}`)).to.deep.equal(['RST-13']);
    });

    it('acquits a send that came before the module ran, or is refused after it does', () => {
      const [entry = '', ...rest] = REFUSED.trim().split('\n');
      expect(broken(`${PAUSED}\n ${entry}${restarted()}\n ${rest.join('\n')}`)).to.deep.equal([]);
      expect(broken(`${RUNNING}\n ${entry}\n m1 ->FilterPause\n ${rest.join('\n')}`)).to.deep.equal([]);
      expect(broken(`${RUNNING}\n ${entry}${AGAIN}\n ${rest.join('\n')}`)).to.deep.equal([]);
    });

    it('acquits a refusal while whoever completed the restart is still at it', () => {
      expect(
        broken(`${PAUSED}
          m1 ->FilterRestart
          m1 <-FilterRestart = PENDING
          t4: m1 ->NdisIoWorkItemFunction workItem=w1
          t4: m1 =>NdisFRestartComplete handle=hm1 status=SUCCESS irql=0${REFUSED}
          t4: m1 <=NdisFRestartComplete
          t4: m1 <-NdisIoWorkItemFunction`),
      ).to.deep.equal([]);
    });

    it('acquits a module that was told that its adapter goes, or goes to sleep', () => {
      const told = (event: string): string =>
        `\n t3: m1 ->FilterNetPnPEvent ${event}\n t3: m1 =>NdisFNetPnPEvent ${event}\n t3: m1 <=NdisFNetPnPEvent = SUCCESS\n t3: m1 <-FilterNetPnPEvent = SUCCESS`;
      for (const event of ['event=NetEventQueryRemoveDevice', 'event=NetEventSetPower power=D3'])
        expect(broken(`${RUNNING}${told(event)}${REFUSED}`), event).to.deep.equal([]);
      const asleep = `${told('event=NetEventSetPower power=D3')}${AGAIN}`;
      expect(broken(`${RUNNING}${asleep}${REFUSED}`), 'restarted, but not awake yet').to.deep.equal([]);
      expect(broken(`${RUNNING}${asleep}${told('event=NetEventSetPower power=D0')}${REFUSED}`)).to.deep.equal([
        'RST-13',
      ]);
      expect(
        broken(
          `${RUNNING}${told('event=NetEventQueryRemoveDevice')}${told('event=NetEventCancelRemoveDevice')}${REFUSED}`,
        ),
      ).to.deep.equal(['RST-13']);
    });

    it('does not take other failures for a closed gate', () => {
      expect(broken(`${RUNNING}${REFUSED.replace('PAUSED', 'RESOURCES')}`)).to.deep.equal([]);
    });
  });

  describe('writes that are refused while Running', () => {
    it('condemns one on a handle that could send before the pause', () => {
      expect(broken(`${RUNNING}${served('i1', 'n1')}${AGAIN}${failed('i2')}`)).to.deep.equal(['RST-13']);
      expect(broken(`${RUNNING}${served('i1', 'n1')}${AGAIN}${failed('i2', 'STATUS_UNSUCCESSFUL')}`)).to.deep.equal([
        'RST-13',
      ]);
    });

    it('acquits one without a pause in between, on another handle, and one that began in Paused', () => {
      expect(broken(`${RUNNING}${served('i1', 'n1')}${failed('i2')}`)).to.deep.equal([]);
      expect(broken(`${RUNNING}${served('i1', 'n1')}${AGAIN}${failed('i2', undefined, 'a2')}`)).to.deep.equal([]);
      expect(
        broken(`${RUNNING}${served('i1', 'n1')}
          m1 ->FilterPause
          m1 <-FilterPause = SUCCESS
          t2: ->IRP_MJ_WRITE irp=i2 file=a1${restarted()}
          t2: <-IRP_MJ_WRITE = STATUS_DEVICE_NOT_READY`),
      ).to.deep.equal([]);
    });

    it('acquits other reasons: memory, a malformed request, a cancelled one', () => {
      for (const status of [
        'STATUS_INSUFFICIENT_RESOURCES',
        'STATUS_INVALID_PARAMETER',
        'STATUS_CANCELLED',
        'STATUS_BUFFER_TOO_SMALL',
      ])
        expect(broken(`${RUNNING}${served('i1', 'n1')}${AGAIN}${failed('i2', status)}`), status).to.deep.equal([]);
    });

    it('acquits a handle that was closed, and whose identity is in use for another one', () => {
      const reopened = '\n t2: ->IRP_MJ_CLOSE irp=i5 file=a1\n t2: <-IRP_MJ_CLOSE = STATUS_SUCCESS';
      expect(broken(`${RUNNING}${served('i1', 'n1')}${reopened}${AGAIN}${failed('i2')}`)).to.deep.equal([]);
    });
  });

  describe('what is still held from before the pause', () => {
    it('condemns a send or a receive that outlives the restart (with the rule of the pause that left it)', () => {
      const queued = '\n t5: m1 ->FilterSendNetBufferLists [f1]\n t5: m1 <-FilterSendNetBufferLists';
      expect(broken(`${RUNNING}${queued}${AGAIN}`)).to.deep.equal(['PAU-09', 'RST-13']);
      const kept = '\n t6: m1 ->FilterReceiveNetBufferLists [r1]\n t6: m1 <-FilterReceiveNetBufferLists';
      expect(broken(`${RUNNING}${kept}${AGAIN}`)).to.deep.equal(['PAU-10', 'RST-13']);
    });

    it('acquits what is with a neighbour over the pause', () => {
      expect(
        broken(`${RUNNING}
          t5: m1 ->FilterSendNetBufferLists [f1]
          t5: m1 =>${DOWN} [f1] handle=hm1
          t5: m1 <=${DOWN}
          t5: m1 <-FilterSendNetBufferLists${AGAIN}`),
      ).to.deep.equal([]);
    });
  });

  it('counts a test for a restart that succeeds, and for a send that arrives while Running', () => {
    expect(exercised('RST-13', RUNNING)).to.equal(1);
    expect(exercised('RST-13', `${RUNNING}${REFUSED}`)).to.equal(2);
  });
});

describe('Judging modules that share a gate (ATT-10)', () => {
  const two = `${RUNNING}${attached('m2')}${restarted('m2')}`;
  const through = `
    t5: m1 ->FilterSendNetBufferLists [f0]
    t5: m1 =>${DOWN} [f0] handle=hm1
    t5: m1 <=${DOWN}
    t5: m1 <-FilterSendNetBufferLists`;
  const otherPauses = '\n m2 ->FilterPause\n m2 <-FilterPause = SUCCESS';

  it('condemns a module that refuses since another one is paused (with RST-13)', () => {
    expect(broken(`${two}${through}${otherPauses}${REFUSED}`)).to.deep.equal(['ATT-10', 'RST-13']);
  });

  it('acquits a module that goes on while another one is paused', () => {
    expect(broken(`${two}${through}${otherPauses}${through.replaceAll('f0', 'f1')}`)).to.deep.equal([]);
  });

  it('does not blame another module for a gate that was never opened', () => {
    expect(broken(`${two}${otherPauses}${REFUSED}`)).to.deep.equal(['RST-13']);
  });
});
