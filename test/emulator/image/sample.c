/* A driver that has one of everything that a file can have and that unwinding meets. It is never loaded. */
typedef unsigned long long u64;
typedef long NTSTATUS;

__declspec(dllimport) NTSTATUS KeSetEvent(void *event, int increment, int wait);
__declspec(dllimport) void NdisMSleep(unsigned microseconds);

/* What the linker makes the load configuration of. */
u64 __security_cookie = 0x2B992DDFA232;
struct load_config {
  unsigned size, stamp, rest[20];
  void *cookie, *handlers;
  u64 handler_count;
  void *check, *dispatch, *table, *count, *flags;
};
extern char __guard_fids_table[], __guard_fids_count[], __guard_flags[];
void dispatch(void);
__asm__(".text\n.globl dispatch\ndispatch: jmp *%rax");
void (*const __guard_dispatch_icall_fptr)(void) = dispatch;
const struct load_config _load_config_used = {
    sizeof(struct load_config), 0, {0}, &__security_cookie, 0, 0, 0, (void *)&__guard_dispatch_icall_fptr,
    __guard_fids_table, __guard_fids_count, __guard_flags};

#define KEPT __attribute__((noinline, used))

volatile int zero;
volatile unsigned char bytes[64];

static KEPT u64 callee(const u64 *at) { return *at + zero; }

KEPT u64 many(u64 a, u64 b, u64 c, u64 d, u64 e, u64 f) {
  u64 sum = a * 3;
  for (int i = 0; i < 3; i++) {
    sum += callee(&b) * c + d;
    sum ^= callee(&c) + e * f + callee(&sum);
    a += sum, b ^= a, c += d * sum, e -= c;
  }
  return sum + a + b + c + d + e + f;
}

KEPT u64 large(u64 n) {
  volatile u64 frame[1500];
  for (u64 i = 0; i < 5; i++) frame[(n + i) % 1500] = i;
  return frame[n % 1500] + callee((const u64 *)&frame[(n + 1) % 1500]);
}

KEPT u64 alloca_(u64 n) {
  volatile u64 *frame = __builtin_alloca((n % 16 + 2) * 8);
  frame[0] = n;
  frame[1] = callee((const u64 *)frame);
  return frame[0] + frame[1];
}

KEPT u64 vectors(u64 n) {
  u64 sum = 0;
  for (int i = 0; i < 2; i++) {
    __asm__ volatile("pxor %%xmm6, %%xmm6; pxor %%xmm9, %%xmm9; pxor %%xmm15, %%xmm15" ::: "xmm6", "xmm9", "xmm15");
    sum += callee(&n);
  }
  return sum;
}

KEPT u64 early(u64 n) {
  if (zero == 0 && n == 7) return 1;
  u64 sum = 0;
  for (u64 i = 0; i < n % 4; i++) sum += callee(&n) ^ many(i, n, sum, 4, 5, 6);
  return sum;
}

KEPT u64 tail(u64 n) {
  u64 twice = n * 2;
  u64 seen = callee(&twice);
  zero = 0;
  return early(seen);
}

KEPT u64 indirect(u64 n) {
  static u64 (*const table[])(u64) = {large, alloca_, vectors, early};
  u64 sum = 0;
  for (u64 i = 0; i < 4; i++) sum += table[(n + i) % 4](n);
  return sum;
}

KEPT u64 guarded(u64 *at) {
  __try {
    __try {
      return callee(at);
    } __finally {
      zero = 0;
    }
  } __except (at == 0 ? 1 : 0) {
    return 5;
  }
}

KEPT u64 catches(u64 *at) {
  u64 found = 0;
  __try {
    found = callee(at);
  } __except (1) {
    found = 9;
  }
  return found;
}

__attribute__((section("PAGE"), noinline, used)) u64 paged(u64 n) { return n * 3 + callee(&n); }

__attribute__((section("INIT"))) NTSTATUS DriverEntry(void *driver, void *path) {
  NdisMSleep((unsigned)indirect((u64)path));
  return KeSetEvent(driver, (int)paged(1), 0) + (int)tail(1) + (int)guarded(driver) + (int)catches(path);
}

/* What the compiler leaves to its library. */
u64 __C_specific_handler(void) { return 1; }
