/* Sleep of the machine, and the timer that wakes it up. */
#include "lwfio.h"
#include <powrprof.h>

#define SHORTEST_SLEEP 5
#define LONGEST_SLEEP 600
/* How long the machine may take to wake up, and to notice that it did. */
#define WAKING_MILLISECONDS 20000
/* What the two clocks may differ by without any sleep. */
#define SAME_MILLISECONDS 1000
#define TICKS_PER_MILLISECOND 10000
#define TICKS_PER_SECOND 10000000

/* Three bytes that older headers call spare: the last tells of Modern Standby, which puts the machine into no S3. */
#define AOAC(capabilities) (((const UCHAR *)(capabilities))[20])

C_ASSERT(sizeof(SYSTEM_POWER_CAPABILITIES) == 76 && FIELD_OFFSET(SYSTEM_POWER_CAPABILITIES, DiskSpinDown) == 21);
C_ASSERT(FIELD_OFFSET(SYSTEM_POWER_CAPABILITIES, RtcWake) == 64);

/* GUID_SLEEP_SUBGROUP, and in it GUID_ALLOW_RTC_WAKE: 0 no timer wakes the machine, 1 all do, 2 only those of Windows. */
static const GUID sleepSubgroup = {0x238C9FA8, 0x0AAD, 0x41ED, {0x83, 0xF4, 0x97, 0xBE, 0x24, 0x2C, 0x8F, 0x20}};
static const GUID allowTimers = {0xBD3B718A, 0x0680, 0x4D9D, {0x8A, 0xB2, 0xE1, 0xD2, 0xB4, 0xAC, 0x80, 0x6D}};

typedef struct {
    /* PowerSystemUnspecified: the machine cannot sleep. */
    SYSTEM_POWER_STATE State;
    /* Why not. */
    const char *Why;
} SLEEP;

/* The timers of the scheme in use, on mains or on battery as the machine is now. */
static BOOL TimersWake(void)
{
    SYSTEM_POWER_STATUS status;
    GUID *scheme = NULL;
    DWORD index = 0;
    DWORD error;

    if (!GetSystemPowerStatus(&status) || PowerGetActiveScheme(NULL, &scheme) != ERROR_SUCCESS) return FALSE;
    error = status.ACLineStatus == 0 ? PowerReadDCValueIndex(NULL, scheme, &sleepSubgroup, &allowTimers, &index)
                                     : PowerReadACValueIndex(NULL, scheme, &sleepSubgroup, &allowTimers, &index);
    LocalFree(scheme);
    return error == ERROR_SUCCESS && index == 1;
}

static SYSTEM_POWER_STATE DeepestOf(const SYSTEM_POWER_CAPABILITIES *can)
{
    if (can->SystemS3) return PowerSystemSleeping3;
    if (can->SystemS2) return PowerSystemSleeping2;
    if (can->SystemS1) return PowerSystemSleeping1;
    return can->SystemS4 && can->HiberFilePresent ? PowerSystemHibernate : PowerSystemUnspecified;
}

static SLEEP FindSleep(void)
{
    SYSTEM_POWER_CAPABILITIES can;
    SLEEP sleep = {PowerSystemUnspecified, NULL};
    SYSTEM_POWER_STATE state;

    ZeroMemory(&can, sizeof(can));
    if (CallNtPowerInformation(SystemPowerCapabilities, NULL, 0, &can, sizeof(can)) < 0) {
        sleep.Why = "Windows does not say which sleep the machine has";
        return sleep;
    }
    state = DeepestOf(&can);
    if (state == PowerSystemUnspecified)
        sleep.Why = AOAC(&can) ? "the machine has Modern Standby only, and neither S3 nor hibernation"
                               : "the machine has neither S1 to S3 nor hibernation";
    else if (can.RtcWake < state) sleep.Why = "no timer wakes the machine up: its clock does not reach so far down";
    else if (!TimersWake())
        sleep.Why = "the power scheme allows no timers to wake the machine up: powercfg /setacvalueindex scheme_current "
                    "sub_sleep rtcwake 1, powercfg /setactive scheme_current";
    else sleep.State = state;
    return sleep;
}

static void PowerLook(REQUEST *request)
{
    static const char *const names[] = {"", "", "S1", "S2", "S3", "S4"};
    SLEEP sleep = FindSleep();
    TEXT_BUFFER *answer = &request->Answer;

    if (sleep.Why == NULL) {
        Add(answer, "{\"state\":");
        AddJsonString(answer, names[sleep.State]);
        Add(answer, ",\"why\":null}");
        return;
    }
    Add(answer, "{\"state\":null,\"why\":");
    AddJsonString(answer, sleep.Why);
    Add(answer, "}");
}

/* The privilege is there for administrators, but not in use. */
static BOOL MayShutDown(void)
{
    TOKEN_PRIVILEGES privileges = {1, {{{0, 0}, SE_PRIVILEGE_ENABLED}}};
    HANDLE token;
    BOOL isDone;

    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_ADJUST_PRIVILEGES | TOKEN_QUERY, &token)) return FALSE;
    /* It succeeds also where the token has no such privilege. */
    isDone = LookupPrivilegeValueW(NULL, L"SeShutdownPrivilege", &privileges.Privileges[0].Luid) &&
             AdjustTokenPrivileges(token, FALSE, &privileges, 0, NULL, NULL) && GetLastError() == ERROR_SUCCESS;
    CloseHandle(token);
    return isDone;
}

/* Of an absolute time, which goes on while the machine sleeps. */
static HANDLE StartTimer(ULONGLONG seconds)
{
    HANDLE timer = CreateWaitableTimerW(NULL, TRUE, NULL);
    FILETIME now;
    LARGE_INTEGER due;

    if (timer == NULL) return NULL;
    GetSystemTimeAsFileTime(&now);
    due.LowPart = now.dwLowDateTime;
    due.HighPart = (LONG)now.dwHighDateTime;
    due.QuadPart += (LONGLONG)seconds * TICKS_PER_SECOND;
    /* One that cannot wake the machine is set all the same, with ERROR_NOT_SUPPORTED. */
    SetLastError(ERROR_SUCCESS);
    if (SetWaitableTimer(timer, &due, 0, NULL, NULL, TRUE) && GetLastError() != ERROR_NOT_SUPPORTED) return timer;
    CloseHandle(timer);
    return NULL;
}

/* Milliseconds since the machine was started that it slept in: one clock counts them, and the other does not. */
static ULONGLONG Slept(void)
{
    ULONGLONG awake = 0;

    QueryUnbiasedInterruptTime(&awake);
    return GetTickCount64() - awake / TICKS_PER_MILLISECOND;
}

static void SleepNow(REQUEST *request, SYSTEM_POWER_STATE state, ULONGLONG seconds)
{
    HANDLE timer = StartTimer(seconds);
    ULONGLONG before = Slept();
    ULONGLONG slept;

    if (timer == NULL) {
        FailWith(request, "there is no timer that wakes the machine up", GetLastError());
        return;
    }
    if (!SetSuspendState(state == PowerSystemHibernate, FALSE, FALSE)) {
        FailWith(request, "Windows does not put the machine to sleep", GetLastError());
        CloseHandle(timer);
        return;
    }
    /* Whether that returns before the machine sleeps or after it has woken up, is not said. */
    WaitForSingleObject(timer, (DWORD)seconds * 1000 + WAKING_MILLISECONDS);
    CloseHandle(timer);
    slept = Slept() - before;
    if (slept < SAME_MILLISECONDS || slept > MAXLONG) {
        Fail(request, "the machine was told to sleep, and did not");
        return;
    }
    Add(&request->Answer, "{\"asleep\":");
    AddNumber(&request->Answer, slept);
    Add(&request->Answer, "}");
}

static void PowerSleep(REQUEST *request)
{
    ULONGLONG seconds;
    SLEEP sleep;

    if (!TakeNumber(request, "seconds", LONGEST_SLEEP, &seconds)) return;
    if (seconds < SHORTEST_SLEEP) {
        Fail(request, "the machine sleeps for 5 to 600 seconds");
        return;
    }
    sleep = FindSleep();
    if (sleep.Why != NULL) Fail(request, sleep.Why);
    else if (!MayShutDown()) Fail(request, "this account may not put the machine to sleep: run it as administrator");
    else SleepNow(request, sleep.State, seconds);
}

void StayAwake(void) { SetThreadExecutionState(ES_CONTINUOUS | ES_SYSTEM_REQUIRED); }

const OPERATION PowerOperations[] = {
    {"power.look", PowerLook, FALSE},
    {"power.sleep", PowerSleep, TRUE},
    {NULL, NULL, FALSE},
};
