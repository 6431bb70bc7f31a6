/** What may be read off a call stack, and what may not. */
import { expect } from 'chai';
import { explainDump, type CrashExplanation } from '../../src/dump';

const ZERO = '00000000`00000000';

/** As STACK_TEXT prints them, nearest to the crash first. */
function stack(...sites: readonly string[]): string {
  const columns = `ffffd001\`24180000 fffff802\`63a40000 : ${ZERO} ${ZERO} ${ZERO} ${ZERO} :`;
  return ['STACK_TEXT:', ...sites.map((site) => `${columns} ${site}`)].join('\n');
}

function explained(...text: readonly string[]): CrashExplanation {
  const [crash, ...others] = explainDump(`${text.join('\n')}\n`);
  expect(others).to.have.length(0);
  expect(crash).to.not.equal(undefined);
  return crash as CrashExplanation;
}

function facts({ facts: all }: CrashExplanation): string {
  return all.map(({ what }) => what).join('\n');
}

const IRQL = ['DRIVER_IRQL_NOT_LESS_OR_EQUAL (d1)', 'Arg1: ffffe801ab19b030, memory referenced'];
const POWER = (kind: number): string[] => ['DRIVER_POWER_STATE_FAILURE (9f)', `Arg1: 000000000000000${kind}, x`];
const IN_PAUSE = ['mylwf!FilterPause+0x9d', 'ndis!ndisPauseFilterInner+0x5a'];

describe('What a call stack of a dump says', () => {
  it('takes a thread that a DPC interrupted for nobody who called it', () => {
    const crash = explained(
      ...IRQL,
      'PROCESS_NAME:  chrome.exe',
      stack(
        'nt!KiPageFault+0x440',
        'graphics+0x12b4e0',
        'nt!KiRetireDpcList+0xd7',
        'nt!KiDispatchInterruptContinue',
        'nt!KiInterruptDispatch+0xaf',
        'ndis!NdisSendNetBufferLists+0x23f',
        'mylwf!Send+0x12',
        'nt!NtWriteFile+0x56',
        'nt!KiSystemServiceCopyEnd+0x25',
      ),
    );
    expect(crash.rules).to.deep.equal([]);
    expect(crash.drivers).to.deep.equal([{ module: 'graphics', role: 'unknown' }]);
    expect(facts(crash)).to.match(/below KiRetireDpcList in the stack was interrupted/);
    expect(facts(crash)).to.match(/It began in a DPC\./);
    expect(facts(crash)).to.not.match(/request|NDIS/);
  });

  it('says of a timer of a filter over a write that it was the timer', () => {
    const crash = explained(
      ...IRQL,
      stack(
        'ndis!NdisFSendNetBufferLists+0x18',
        'mylwf!OnTimer+0x52',
        'nt!KiProcessExpiredTimerList+0x1f9',
        'nt!KiRetireDpcList+0xd7',
        'nt!KiDispatchInterrupt+0x5',
        'nt!NtWriteFile+0x56',
        'nt!KiSystemServiceCopyEnd+0x25',
      ),
    );
    expect(facts(crash)).to.match(/It began in a timer\./);
    expect(JSON.stringify(crash.conclusions)).to.not.match(/application's request/);
  });

  it('looks below the interrupt of the clock, which ends what takes too long', () => {
    const crash = explained(
      'DPC_WATCHDOG_VIOLATION (133)',
      'Arg1: 0000000000000001, x',
      stack(
        'nt!KeBugCheckEx',
        'nt!KeAccumulateTicks+0x20e',
        'nt!SomethingNew+0x1',
        'nt!KiCallInterruptServiceRoutine+0xa5',
        'nt!KiInterruptDispatchNoLockNoEtw+0x37',
        'mylwf!FilterReceiveNetBufferLists+0x52',
        'ndis!ndisCallReceiveHandler+0x47',
        'nt!KiRetireDpcList+0xd7',
        'nt!NtWriteFile+0x56',
      ),
    );
    expect(crash.drivers).to.deep.equal([{ module: 'mylwf', role: 'filter' }]);
    expect(crash.rules.map(({ rule }) => rule)).to.include('RP-07');
    expect(facts(crash)).to.match(/It began in a DPC/);
  });

  it('takes what the interrupt routine of a driver interrupted for nobody who called it', () => {
    const crash = explained(...IRQL, stack('card!Isr+0x1', 'nt!KiInterruptDispatch+0xaf', 'mylwf!Send+0x12'));
    expect(crash.drivers.map(({ module }) => module)).to.deep.equal(['card']);
  });

  it('takes a filter that sleeps in its pause for a filter', () => {
    const crash = explained(...POWER(3), stack('nt!KeDelayExecutionThread+0x122', 'ndis!NdisMSleep+0x55', ...IN_PAUSE));
    expect(crash.drivers).to.deep.equal([{ module: 'mylwf', role: 'filter' }]);
    expect(crash.rules.map(({ rule }) => rule)).to.include('PAU-02');
  });

  it('sees the frames that kc prints without symbols', () => {
    const crash = explained(
      'BugCheck D1, {ffff8882181330e8, 2, 1, fffff800f5577150}',
      'nt!KeBugCheckEx',
      'nt!KiPageFault',
      'mylwf+0x7150',
      'ndis!ndisCallSendHandler',
      'ndis!NdisSendNetBufferLists',
    );
    expect(crash.drivers).to.deep.equal([{ module: 'mylwf', role: 'filter' }]);
    expect(facts(crash)).to.match(/It failed in mylwf/);
  });

  it('sees the frame of a driver that was unloaded', () => {
    const crash = explained(
      'DRIVER_UNLOADED_WITHOUT_CANCELLING_PENDING_OPERATIONS (ce)',
      'Arg1: fffff8005c6d1234, memory referenced',
      stack(
        'nt!KeBugCheckEx',
        'nt!KiPageFault+0x350',
        '<Unloaded_mylwf.sys>+0x1234',
        'ndis!ndisCallReceiveHandler+0x47',
      ),
    );
    expect(crash.drivers.map(({ module }) => module)).to.deep.equal(['mylwf']);
    expect(crash.rules[0]).to.deep.equal({ rule: 'UNL-05', certainty: 'likely' });
  });

  it('sees through columns that somebody made illegible with x', () => {
    const crash = explained(
      ...IRQL,
      'STACK_TEXT:',
      'xxxxxxxx`500451a8 xxxxxxxx`4f2b7d29 : ndis!NdisSendNetBufferLists+0x23f',
    );
    expect(facts(crash)).to.match(/It failed in ndis!NdisSendNetBufferLists/);
  });

  it('turns round a stack that is listed from its beginning on', () => {
    const frames = ['mylwf+0x10', 'ndis!NdisFIndicateStatus+0x9', 'nt!KiPageFault+0x440', 'nt!KeBugCheckEx'];
    expect(facts(explained(...IRQL, stack(...frames)))).to.equal(
      facts(explained(...IRQL, stack(...frames.toReversed()))),
    );
  });

  it('looks at the instruction that failed, not at that of the bugcheck', () => {
    const failed = [
      'SYSTEM_SERVICE_EXCEPTION (3b)',
      'Arg1: 00000000c0000005, x',
      'rax=6b49534e02130018 rbx=6b49534e02130019 rcx=0000000000000001',
      'ndis!NdisFSendNetBufferLists+0xc0:',
      'fffff807`45e9de30 4c8b5818        mov     r11,qword ptr [rax+18h] ds:002b:6b49534e`02130030=????????????????',
      stack('ndis!NdisFSendNetBufferLists+0xc0', 'npf!NPF_Write+0x214', 'nt!NtWriteFile+0x67a'),
    ];
    const banner = [
      'nt!KeBugCheckEx:',
      'fffff804`ebf01c40 48894c2408      mov     qword ptr [rsp+8],rcx ss:0018:fffffa80`0982f2a0=000000000000003b',
    ];
    expect(explained(...banner, ...failed).rules).to.deep.equal(explained(...failed).rules);
  });

  it('knows addresses of the kernel of 32-bit Windows', () => {
    const crash = explained(
      'DRIVER_IRQL_NOT_LESS_OR_EQUAL (d1)',
      'Arg1: 85241410, memory referenced',
      'STACK_TEXT:',
      '8078fc74 8988b670 8529b708 85241410 00000000 ndis!NdisFSendNetBufferLists+0x18',
      '8078fe84 8daf87f4 84a620e0 85241410 00000000 mylwf!Worker+0x52',
      '8166b01c 00000000 0000001a 00d6850f bb830000 0x8a6be874',
    );
    expect(JSON.stringify(crash)).to.not.match(/user mode/);
  });

  it('counts nothing below a system call among the drivers, unless a driver made it', () => {
    const head = ['KERNEL_SECURITY_CHECK_FAILURE (139)', 'Arg1: 0000000000000003, x'];
    const application = explained(...head, stack('other!Foo+1', 'nt!KiSystemServiceCopyEnd+0x25', 'browser!Bar+1'));
    expect(application.drivers.map(({ module }) => module)).to.deep.equal(['other']);
    const driver = explained(
      ...head,
      stack(
        'other!Foo+1',
        'nt!NtWriteFile+0x25',
        'nt!KiSystemServiceCopyEnd+0x25',
        'nt!KiServiceLinkage',
        'mylwf!Log+1',
      ),
    );
    expect(driver.drivers.map(({ module }) => module)).to.deep.equal(['other', 'mylwf']);
    expect(facts(driver)).to.not.match(/user mode/);
  });

  it('leaves open which of two bugchecks it was, where only the call tells it', () => {
    const call = `ffff8880\`4e795ca8 fffff801\`8db78569 : 00000000\`0000000a ${ZERO} ${ZERO} ${ZERO} : nt!KeBugCheckEx`;
    const crash = explained(
      `STACK_TEXT:\n${call}`,
      stack('nt!KiPageFault+0x437', 'npcap+0x7150').replace('STACK_TEXT:\n', ''),
    );
    expect(facts(crash)).to.match(/0xA\), or with DRIVER_IRQL_NOT_LESS_OR_EQUAL \(0xD1\)/);
  });

  it('says of a stack without a bugcheck where it ends', () => {
    const crash = explained(stack('ndis!NdisFSendNetBufferLists+0x18', 'mylwf!Send+0x12').replace('STACK_TEXT:\n', ''));
    expect(facts(crash))
      .to.match(/The stack ends in ndis/)
      .and.to.not.match(/failed/);
  });
});

describe('What parameter 1 of a bugcheck says', () => {
  const ndis = stack('nt!KeBugCheckEx', 'nt!Checking+0x1', ...IN_PAUSE);
  const ids = (...head: readonly string[]): string[] => explained(...head, ndis).conclusions.map(({ id }) => id);

  for (const [name, first, expected] of [
    ['DRIVER_POWER_STATE_FAILURE (9f)', '1', undefined],
    ['DRIVER_POWER_STATE_FAILURE (9f)', '3', 'power'],
    ['DRIVER_POWER_STATE_FAILURE (9f)', '4', 'power-behind-plug-and-play'],
    ['KERNEL_SECURITY_CHECK_FAILURE (139)', '2', undefined],
    ['KERNEL_SECURITY_CHECK_FAILURE (139)', '3', 'security-check'],
    ['TIMER_OR_DPC_INVALID (c7)', '0', 'timer-freed'],
    ['TIMER_OR_DPC_INVALID (c7)', '4', undefined],
    ['BAD_POOL_CALLER (c2)', '7', 'pool-corrupt'],
    ['BAD_POOL_CALLER (c2)', '8', undefined],
    ['UNEXPECTED_KERNEL_MODE_TRAP (7f)', '0', undefined],
    ['UNEXPECTED_KERNEL_MODE_TRAP (7f)', '8', 'trap'],
  ] as const) {
    it(`${name}, ${first}: ${expected ?? 'nothing of this kit'}`, () => {
      const found = ids(name, `Arg1: 000000000000000${first}, x`);
      if (expected === undefined) expect(found).to.deep.equal([]);
      else expect(found).to.include(expected);
    });
  }

  it('tells a deadlock of a driver that has nothing to do with NDIS from one of a filter', () => {
    const code = 'The bugcheck was: 0x000000c4 (0x0000000000001001, 0xffffd6851fbf7188, 0x0, 0x0).';
    expect(explained(code).rules).to.deep.equal([]);
    const crash = explained(code, ndis);
    expect(crash.rules).to.deep.equal([{ rule: 'LCK-02', certainty: 'possible' }]);
    expect(crash.conclusions[0]?.next[0]?.command).to.equal('!deadlock 1');
  });

  it('says of a live dump that Windows went on', () => {
    const crash = explained(
      'BUGCODE_NDIS_DRIVER_LIVE_DUMP (15e)',
      'Arg1: 0000000000000025, x',
      'Arg2: 0000000000000011, x',
    );
    expect(facts(crash))
      .to.match(/wrote a live dump and went on/)
      .and.to.not.match(/stopped/);
  });
});
