import { expect } from 'chai';
import { explainDump, type CrashExplanation } from '../../src/dump';
import { fixture, SOURCES } from './sources';

function explained(name: string): CrashExplanation {
  const [crash, ...others] = explainDump(fixture(name));
  expect(others).to.have.length(0);
  expect(crash).to.not.equal(undefined);
  return crash as CrashExplanation;
}

function certainties({ rules }: CrashExplanation): Record<string, string> {
  return Object.fromEntries(rules.map(({ rule, certainty }) => [rule, certainty]));
}

describe('An explained dump', () => {
  describe('the crash that the kit started from', () => {
    const crash = explained('npf-2016-write');

    it('recognises bugcheck, driver, function and who asked', () => {
      expect(crash).to.include({ code: '0x3B', name: 'SYSTEM_SERVICE_EXCEPTION', process: 'EapolLogin.exe' });
      expect(crash.parameters[0]).to.equal('0xc0000005');
      expect(crash.drivers).to.deep.equal([{ module: 'npf', role: 'filter' }]);
      const facts = crash.facts.map(({ what }) => what).join('\n');
      expect(facts).to.match(/npf is in the stack as a filter, and had called NdisFSendNetBufferLists/);
      expect(facts).to.match(/write request of EapolLogin\.exe from user mode/);
    });

    it('sees a pool header in the register that was taken for a pointer, and quotes the line', () => {
      const fact = crash.facts.find(({ what }) => /pool block/.test(what));
      expect(fact?.what).to.equal(
        "rax = 0x6b49534e02130018 reads like the header of an x64 pool block: tag 'NSIk', 304 bytes, in use, behind a block of 384 bytes.",
      );
      expect(fact?.lines[0]?.text).to.match(/^rax=6b49534e02130018/);
    });

    it('takes a stale handle for likely, a wrong state and a dead NBL for possible, and nothing for certain', () => {
      expect(crash.conclusions.map(({ id, certainty }) => [id, certainty])).to.deep.equal([
        ['stale-handle', 'likely'],
        ['wrong-state', 'possible'],
        ['dead-object', 'possible'],
      ]);
      const rules = certainties(crash);
      expect(rules).to.include({ 'DET-06': 'likely', 'DEV-03': 'likely', 'PAU-07': 'possible', 'SO-03': 'possible' });
      expect(rules).to.not.have.property('SP-05');
    });

    it('says what speaks against each conclusion', () => {
      for (const { against, known } of crash.conclusions) {
        expect(against.length).to.be.greaterThan(0);
        expect(known.length).to.be.greaterThan(2);
      }
    });
  });

  it('knows a wait above PASSIVE_LEVEL inside FilterDetach, told by event log and WinDbg, as one crash', () => {
    const crash = explained('wait-in-detach');
    expect(crash.conclusions[0]).to.include({ id: 'waits-above-passive', certainty: 'certain' });
    expect(crash.rules[0]).to.deep.equal({ rule: 'DET-10', certainty: 'certain' });
    expect(crash.drivers).to.deep.equal([{ module: 'npcap', role: 'filter' }]);
  });

  it('knows the watchdog of FilterPause without a stack, and that it does not say why', () => {
    const crash = explained('watchdog-filter-pause');
    expect(crash.conclusions[0]).to.include({ id: 'watchdog-filter-pause', certainty: 'likely' });
    expect(crash.rules[0]).to.deep.equal({ rule: 'PAU-02', certainty: 'likely' });
    expect(crash.conclusions[0]?.next[0]?.command).to.equal('dt ndis!_NDIS_WATCHDOG_TRIAGE_BLOCK 0xffffd78e90fb4fa8');
  });

  it('does not blame the filter that clones a bad request from above', () => {
    const crash = explained('clone-of-a-bad-request');
    expect(crash.conclusions[0]).to.include({ id: 'bad-request-from-above', certainty: 'likely' });
    expect(certainties(crash)).to.deep.equal({ 'OP-02': 'possible', 'OO-02': 'possible' });
  });

  it('sees a filter that is not in the stack, because its last call was a jump', () => {
    const crash = explained('set-event-in-detach');
    expect(crash.conclusions[0]?.id).to.equal('filter-not-shown');
    expect(crash.rules[0]).to.deep.equal({ rule: 'DET-02', certainty: 'likely' });
  });

  it('takes a lock that is gone in a cleanup for a possible use of a freed module', () => {
    expect(certainties(explained('lock-in-cleanup'))).to.include({ 'DEV-03': 'possible', 'DET-09': 'possible' });
  });

  it('takes an unmapped address under Driver Verifier for freed memory', () => {
    const crash = explained('free-nb-under-verifier');
    expect(crash.code).to.equal('0xD1');
    expect(crash.parameters).to.have.length(4);
    expect(crash.conclusions[0]).to.include({ id: 'dead-object', certainty: 'likely' });
    expect(crash.rules.map(({ rule }) => rule)).to.include('NBL-04');
  });

  it('leaves a fault in the code of the driver possible', () => {
    for (const name of ['filter-in-send-path', 'redacted']) {
      const crash = explained(name);
      expect(crash.drivers[0]?.module).to.equal('npcap');
      expect(crash.conclusions.map(({ certainty }) => certainty)).to.deep.equal(['possible']);
    }
  });

  it('has but names to go by where NDIS is not in the stack, and says so', () => {
    const crash = explained('handle-of-a-detached-module');
    expect(certainties(crash)).to.include({ 'DEV-03': 'possible', 'DET-09': 'possible' });
    expect(crash.conclusions[0]?.against.join()).to.match(/only names speak for xdp/);
  });

  it('asks of a pause that is completed from a send completion whether one was pending', () => {
    const text = [
      'SYSTEM_SERVICE_EXCEPTION (3b)',
      'Arg1: 00000000c0000005, Exception code that caused the bugcheck',
      '00 fffff509`580b65a0 fffff80c`1268b3ce ndis!NdisFPauseComplete+0x1f',
      '01 fffff509`580b6620 fffff80c`137c5ff7 lwf!SendComplete+0x1f3',
      '02 fffff509`580b6660 fffff80c`12663907 ndis!ndisMSendCompleteNetBufferListsInternal+0x140',
    ];
    const [crash] = explainDump(text.join('\n'));
    const state = crash?.conclusions.find(({ id }) => id === 'wrong-state');
    expect(state?.suggests).to.equal('lwf called NdisFPauseComplete when no pause was pending.');
    expect(state?.rules[0]).to.equal('PAU-03');
  });

  it('knows the members of an OID request near NULL', () => {
    const text = [
      'BugCheck D1, {18, 2, 0, fffff80c154611aa}',
      'rax=0000000000000000 rbx=0000000000000000 rcx=ffff9c0b7130c030',
      'fffff80c`154611aa 488b4018        mov     rax,qword ptr [rax+18h] ds:002b:00000000`00000018=????????????????',
      '00 fffff509`580b65a0 fffff80c`1268b3ce ndis!NdisFOidRequest+0x3f',
      '01 fffff509`580b6620 fffff80c`137c5ff7 npcap!NPF_IoControl+0x1f3',
      '02 fffff509`580b66c0 fffff80c`1266104e nt!NtDeviceIoControlFile+0x56',
    ];
    const [crash] = explainDump(text.join('\n'));
    expect(crash?.facts.map(({ what }) => what).join('\n')).to.match(/rax was NULL.*NDIS_OID_REQUEST\.RequestHandle/);
    expect(crash?.rules.map(({ rule }) => rule)).to.include.members(['DET-06', 'OO-01', 'OO-02']);
  });

  it('names the driver whose receive another one died of, as possible', () => {
    const crash = explained('receive-into-wanarp');
    expect(crash.conclusions[0]).to.include({ id: 'neighbour', certainty: 'possible' });
    expect(crash.conclusions[0]?.suggests).to.match(/^wanarp died of what npcap/);
  });

  it('reads stacks and registers of 32-bit Windows', () => {
    const text = [
      '*** Fatal System Error: 0x000000d1',
      '                       (0xDDDDDDED,0x00000002,0x00000000,0xF7A1C0DE)',
      'eax=dddddddd ebx=82345678 ecx=00000000 edx=00000001 esi=81abc000 edi=00000000',
      'f7a1c0de 8b4010          mov     eax,dword ptr [eax+10h] ds:0023:ddddddED=????????',
      'STACK_TEXT:',
      'WARNING: Stack unwind information not available. Following frames may be wrong.',
      'f78dec14 f7b2dbae 82345678 00000000 00000001 ndis!NdisFSendNetBufferLists+0x3e',
      'f78dec38 8052dbae 82345678 00000000 00000000 mylwf+0x1bae',
      'f78dec70 8057dc2e 82345678 00000000 00000000 nt!NtWriteFile+0x5d7',
      'f78ded64 7c90e4f4 badb0d00 0012fe10 00000000 nt!KiFastCallEntry+0xf8',
    ];
    const [crash] = explainDump(text.join('\n'));
    expect(crash?.conclusions[0]).to.include({ id: 'stale-handle', certainty: 'likely' });
    expect(crash?.facts.map(({ what }) => what).join('\n')).to.match(/repeats 0xdddddddd: a fill for freed memory/);
  });

  it('knows the timer of Driver Verifier for OID requests, and that it is about miniports', () => {
    const crash = explained('verifier-timed-oid');
    expect(certainties(crash)).to.deep.equal({ 'OP-08': 'possible', 'OP-01': 'possible' });
    expect(crash.conclusions[0]?.against[0]).to.match(/miniports/);
    expect(crash.conclusions[0]?.next[0]?.command).to.equal('!ruleinfo 0x92003 0x9c17b860 0x9c1f3480');
  });

  for (const [name, why] of [
    ['firewall-injection', /Windows Filtering Platform/],
    ['callout-below-ndis', /no filters of NDIS/],
    ['miniport-in-pause', /no filters of NDIS/],
    ['double-fault-miniport', /no filters of NDIS/],
    ['dpc-watchdog-netkvm', /no filters of NDIS/],
    ['firewall-callout', /callouts of the Windows firewall/],
    ['callout-injection', /callouts of the Windows firewall/],
    ['list-entry-tdi', /is no bugcheck of NDIS, and none of the 3 frames/],
    ['verifier-leak', /if it is a filter driver, DET-03/],
    ['whocrashed', /no call stack/],
    ['event-log', /no call stack/],
  ] as const) {
    it(`says why no rule comes into question: ${name}`, () => {
      const crash = explained(name);
      expect(crash.rules).to.deep.equal([]);
      expect(crash.none).to.match(why);
    });
  }

  it('has a public source for every excerpt', () => {
    for (const { from } of Object.values(SOURCES)) expect(from.length).to.be.greaterThan(20);
  });
});
