/** Sleep, as lwfio asks for it: powrprof, and what else belongs to it. */
import type { Import } from './process';

const TICKS_PER_MILLISECOND = 10_000n;
/** 2026-01-01, as a FILETIME. */
const NEW_YEAR = 134_116_992_000_000_000n;
const TIMER = 0x7000n;
const NOT_ALL_ASSIGNED = 1300;
const NOT_SUPPORTED = 50;
const SYSTEM_POWER_CAPABILITIES = 4n;
const FAILED = 0xc000_0001;

/** GUID_SLEEP_SUBGROUP and GUID_ALLOW_RTC_WAKE, as they lie in memory. */
const SLEEP_SUBGROUP = 'a89f8c23ad0aed4183f497be242c8f20';
const ALLOW_TIMERS = '8a713bbd80069d4d8ab2e1d2b4ac806d';

export interface PowerOptions {
  /** Of SYSTEM_POWER_CAPABILITIES. Default: S3, from which the clock wakes it. */
  readonly sleeps?: readonly ('S1' | 'S2' | 'S3' | 'S4' | 'hiberfile' | 'AoAc')[];
  /** SYSTEM_POWER_STATE. */
  readonly rtcWake?: number;
  /** Of the power scheme, on mains and on battery. */
  readonly timers?: readonly [mains: number, battery: number];
  readonly onBattery?: boolean;
  readonly isAdministrator?: boolean;
  /** It is told to, and does not. */
  readonly staysAwake?: boolean;
  readonly timersWake?: boolean;
}

const OFFSETS = { S1: 3, S2: 4, S3: 5, S4: 6, hiberfile: 8, AoAc: 20 } as const;
const RTC_WAKE = 64;
const SIZE = 76;

export class Power {
  /** What the machine was told. */
  readonly told: string[] = [];
  private asleep = 0;
  private due = 0n;
  private lastError = 5;

  /** @param signal raises what is waited for */
  constructor(
    private readonly options: PowerOptions,
    private readonly signal: (handle: bigint) => void,
  ) {}

  imports(): Readonly<Record<string, Import>> {
    const { sleeps = ['S3'], rtcWake = 5, timers = [1, 0], onBattery = false } = this.options;
    const { isAdministrator = true, staysAwake = false, timersWake = true } = this.options;
    const index =
      (value: number): Import =>
      (process, _thread, _root, _scheme, group, setting, where) => {
        const asked = [group, setting].map((guid) => process.bytes(guid, 16).toString('hex'));
        if (asked[0] !== SLEEP_SUBGROUP || asked[1] !== ALLOW_TIMERS) return 2;
        process.memory.setU32(process.offset(where), value);
        return 0;
      };
    return {
      GetLastError: () => this.lastError,
      SetLastError: (_process, _thread, error) => {
        this.lastError = Number(error);
        return 0;
      },
      CallNtPowerInformation: (process, _thread, level, _in, _inSize, out, size) => {
        if (level !== SYSTEM_POWER_CAPABILITIES || Number(size) < SIZE) return FAILED;
        const capabilities = Buffer.alloc(SIZE);
        for (const each of sleeps) capabilities[OFFSETS[each]] = 1;
        capabilities.writeUInt32LE(rtcWake, RTC_WAKE);
        process.write(out, capabilities);
        return 0;
      },
      GetSystemPowerStatus: (process, _thread, where) => {
        process.write(where, Buffer.from([onBattery ? 0 : 1]));
        return 1;
      },
      PowerGetActiveScheme: (process, _thread, _root, where) => {
        process.memory.setU64(process.offset(where), process.allocate(16));
        return 0;
      },
      LocalFree: (process, _thread, memory) => {
        process.free(memory);
        return 0;
      },
      PowerReadACValueIndex: index(timers[0]),
      PowerReadDCValueIndex: index(timers[1]),
      GetCurrentProcess: () => -1n,
      OpenProcessToken: (process, _thread, _process, _access, where) => {
        process.memory.setU64(process.offset(where), 0x6000n);
        return 1;
      },
      LookupPrivilegeValueW: (process, _thread, _system, name, where) => {
        this.told.push(process.bytes(name, 38).toString('utf16le'));
        process.memory.setU64(process.offset(where), 19n);
        return 1;
      },
      AdjustTokenPrivileges: () => {
        this.lastError = isAdministrator ? 0 : NOT_ALL_ASSIGNED;
        return 1;
      },
      CreateWaitableTimerW: () => TIMER,
      GetSystemTimeAsFileTime: (process, _thread, where) => {
        process.memory.setU64(process.offset(where), this.time(process.now));
        return 0;
      },
      SetWaitableTimer: (process, _thread, _timer, due, _period, _routine, _argument, resume) => {
        this.due = process.memory.u64(process.offset(due));
        const seconds = (this.due - this.time(process.now)) / TICKS_PER_MILLISECOND / 1000n;
        this.told.push(`timer ${seconds} s${(resume & 1n) === 1n ? ', wakes' : ''}`);
        if (!timersWake) this.lastError = NOT_SUPPORTED;
        return 1;
      },
      SetSuspendState: (process, _thread, hibernate, _force, disablesWake) => {
        this.told.push(
          `${(hibernate & 1n) === 1n ? 'hibernate' : 'sleep'}${(disablesWake & 1n) === 1n ? ' for ever' : ''}`,
        );
        if (!staysAwake) this.asleep += Number((this.due - this.time(process.now)) / TICKS_PER_MILLISECOND);
        this.signal(TIMER);
        return 1;
      },
      GetTickCount64: ({ now }) => now + this.asleep,
      QueryUnbiasedInterruptTime: (process, _thread, where) => {
        process.memory.setU64(process.offset(where), BigInt(process.now) * TICKS_PER_MILLISECOND);
        return 1;
      },
      SetThreadExecutionState: (_process, _thread, state) => {
        this.told.push(`execution state 0x${(state & 0xffff_ffffn).toString(16)}`);
        return 1;
      },
    };
  }

  /** Of the wall, which goes on while the machine sleeps. */
  private time(now: number): bigint {
    return NEW_YEAR + BigInt(now + this.asleep) * TICKS_PER_MILLISECOND;
  }
}
