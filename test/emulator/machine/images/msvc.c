/*
 * A driver with what Microsoft's compiler, linker and kernel libraries put into one: a security cookie that its entry point
 * checks, indirect calls through a guard, handlers of its own around the ones of the kernel, functions in pieces, copies that
 * bypass the cache, fences, processor control registers. Each function shows one of them; tests call it by name.
 */
typedef unsigned long long u64;
typedef long NTSTATUS;

#define IMPORT __declspec(dllimport)
#define KEPT __attribute__((noinline, used))

IMPORT void ProbeForRead(const volatile void *address, u64 length, unsigned alignment);
IMPORT void ExRaiseStatus(NTSTATUS status);
IMPORT u64 RtlCompareMemory(const void *a, const void *b, u64 length);
IMPORT void _local_unwind(void *frame, void *target);
IMPORT void NdisMSleep(unsigned microseconds);

u64 __security_cookie = 0x2B992DDFA232;
u64 __security_cookie_complement = ~0x2B992DDFA232ull;

/* IMAGE_LOAD_CONFIG_DIRECTORY64, as long as that of Windows 10. */
struct load_config {
  unsigned size, stamp, rest[20];
  void *cookie, *handlers;
  u64 handler_count;
  const void *check, *dispatch;
  void *table, *count, *flags;
  u64 more[21];
};
extern char __guard_fids_table[], __guard_fids_count[], __guard_flags[];
void _guard_check_icall_nop(void);
void _guard_dispatch_icall_nop(void);
void (*const __guard_check_icall_fptr)(void) = _guard_check_icall_nop;
void (*const __guard_dispatch_icall_fptr)(void) = _guard_dispatch_icall_nop;
const struct load_config _load_config_used = {sizeof(struct load_config),
                                              0,
                                              {0},
                                              &__security_cookie,
                                              0,
                                              0,
                                              &__guard_check_icall_fptr,
                                              &__guard_dispatch_icall_fptr,
                                              __guard_fids_table,
                                              __guard_fids_count,
                                              __guard_flags,
                                              {0}};

__asm__(".intel_syntax noprefix\n"
        ".text\n"
        ".globl GsDriverEntry, _guard_check_icall_nop, _guard_dispatch_icall_nop, __security_check_cookie\n"
        ".globl __GSHandlerCheck_SEH\n"
        /* The system is to have set the cookie before. */
        "GsDriverEntry:\n"
        "  mov rax, qword ptr [rip + __security_cookie]\n"
        "  movabs r9, 0x2B992DDFA232\n"
        "  test rax, rax\n"
        "  je 1f\n"
        "  cmp rax, r9\n"
        "  je 1f\n"
        "  not rax\n"
        "  mov qword ptr [rip + __security_cookie_complement], rax\n"
        "  jmp DriverEntry\n"
        "1: mov ecx, 6\n"
        "  int 0x29\n"
        "_guard_check_icall_nop: ret\n"
        "_guard_dispatch_icall_nop: jmp rax\n"
        "__security_check_cookie:\n"
        "  cmp rcx, qword ptr [rip + __security_cookie]\n"
        "  jne 1f\n"
        "  rol rcx, 16\n"
        "  test cx, 0xffff\n"
        "  jne 1f\n"
        "  ret\n"
        "1: mov ecx, 2\n"
        "  int 0x29\n"
        "__GSHandlerCheck_SEH: jmp qword ptr [rip + __imp___C_specific_handler]\n");

/* A function that is entered at its first piece and faults in its second one, inside the __try of the first. */
__asm__(".globl split, split_filter, split_finally\n"
        "split_filter:\n"
        "  mov rax, qword ptr [rcx]\n"
        "  mov eax, dword ptr [rax]\n"
        "  mov dword ptr [rip + filtered], eax\n"
        "  mov eax, 1\n"
        "  ret\n"
        "split_finally:\n"
        "  inc dword ptr [rip + finished]\n"
        "  ret\n"
        ".seh_proc split\n"
        "split:\n"
        "  push rbx\n"
        "  .seh_pushreg rbx\n"
        "  sub rsp, 0x30\n"
        "  .seh_stackalloc 0x30\n"
        "  .seh_endprologue\n"
        "  .seh_handler __GSHandlerCheck_SEH, @except, @unwind\n"
        "  .seh_handlerdata\n"
        "  .long 2\n"
        "  .long split_try@IMGREL, split_end@IMGREL, split_finally@IMGREL, 0\n"
        "  .long split_try@IMGREL, split_end@IMGREL, split_filter@IMGREL, split_except@IMGREL\n"
        /* GS_HANDLER_DATA: where the cookie is, and that both handlers are meant. */
        "  .long 0x23\n"
        "  .text\n"
        "  mov rbx, rcx\n"
        "  jmp split_second\n"
        "split_except:\n"
        "  mov rax, rbx\n"
        "  add rsp, 0x30\n"
        "  pop rbx\n"
        "  ret\n"
        "  .seh_startchained\n"
        "split_second:\n"
        "  mov qword ptr [rsp + 0x48], rsi\n"
        "  .seh_savereg rsi, 0x48\n"
        "  .seh_endprologue\n"
        "  nop\n"
        "split_try:\n"
        "  mov esi, 1\n"
        "  mov rax, qword ptr [rbx]\n"
        "  nop\n"
        "split_end:\n"
        "  nop\n"
        "  mov rsi, qword ptr [rsp + 0x48]\n"
        "  add rsp, 0x30\n"
        "  pop rbx\n"
        "  ret\n"
        "  .seh_endchained\n"
        ".seh_endproc\n");

/* A return out of two __try blocks, the outer of which also encloses where it goes on. */
__asm__(".globl leaves, leaves_inner_finally, leaves_outer_finally\n"
        "leaves_inner_finally:\n"
        "  add dword ptr [rip + finished], ecx\n"
        "  ret\n"
        "leaves_outer_finally:\n"
        "  add dword ptr [rip + finished], 100\n"
        "  ret\n"
        ".seh_proc leaves\n"
        "leaves:\n"
        "  push rbx\n"
        "  .seh_pushreg rbx\n"
        "  sub rsp, 0x30\n"
        "  .seh_stackalloc 0x30\n"
        "  .seh_endprologue\n"
        "  .seh_handler __GSHandlerCheck_SEH, @except, @unwind\n"
        "  .seh_handlerdata\n"
        "  .long 2\n"
        "  .long leaves_inner@IMGREL, leaves_inner_end@IMGREL, leaves_inner_finally@IMGREL, 0\n"
        "  .long leaves_inner@IMGREL, leaves_end@IMGREL, leaves_outer_finally@IMGREL, 0\n"
        "  .long 0x23\n"
        "  .text\n"
        "  mov rbx, rcx\n"
        "leaves_inner:\n"
        "  mov rcx, rsp\n"
        "  test rbx, rbx\n"
        "  jne 1f\n"
        "  add rcx, 8\n"
        "1: lea rdx, [rip + leaves_on]\n"
        "  mov rbx, 5\n"
        "  call qword ptr [rip + __imp__local_unwind]\n"
        "  nop\n"
        "leaves_inner_end:\n"
        "  int3\n"
        "leaves_on:\n"
        "  mov eax, ebx\n"
        "leaves_end:\n"
        "  add rsp, 0x30\n"
        "  pop rbx\n"
        "  ret\n"
        ".seh_endproc\n");

/* Calls of imports as images have them that the kernel may rewrite: prefixed, with room behind. */
__asm__(".globl padded_call\n"
        ".seh_proc padded_call\n"
        "padded_call:\n"
        "  sub rsp, 0x28\n"
        "  .seh_stackalloc 0x28\n"
        "  .seh_endprologue\n"
        "  .byte 0x48\n"
        "  call qword ptr [rip + __imp_RtlCompareMemory]\n"
        "  nop dword ptr [rax + rax]\n"
        "  add rsp, 0x28\n"
        "  ret\n"
        ".seh_endproc\n");

/* A copy of 128 bytes in blocks, past the cache; a copy by the string instruction; fences and processor registers. */
__asm__(".globl copy_past_cache, copy_string, fenced, raise_inline, processor, prcb, thread\n"
        "copy_past_cache:\n"
        "  mov r8d, 2\n"
        "1: prefetchnta byte ptr [rdx + 64]\n"
        "  movdqu xmm0, xmmword ptr [rdx]\n"
        "  movdqu xmm1, xmmword ptr [rdx + 16]\n"
        "  movdqu xmm2, xmmword ptr [rdx + 32]\n"
        "  movups xmm3, xmmword ptr [rdx + 48]\n"
        "  movntdq xmmword ptr [rcx], xmm0\n"
        "  movntdq xmmword ptr [rcx + 16], xmm1\n"
        "  movntdq xmmword ptr [rcx + 32], xmm2\n"
        "  movntps xmmword ptr [rcx + 48], xmm3\n"
        "  add rcx, 64\n"
        "  add rdx, 64\n"
        "  dec r8\n"
        "  jne 1b\n"
        "  movabs rax, 0x1122334455667788\n"
        "  movnti qword ptr [rcx - 8], rax\n"
        "  sfence\n"
        "  ret\n"
        "copy_string:\n"
        "  push rdi\n"
        "  push rsi\n"
        "  mov rdi, rcx\n"
        "  mov rsi, rdx\n"
        "  mov rcx, r8\n"
        "  rep movsb\n"
        "  pop rsi\n"
        "  pop rdi\n"
        "  ret\n"
        "fenced:\n"
        "  cmp rcx, rdx\n"
        "  jae 1f\n"
        "  lfence\n"
        "  mfence\n"
        "  pause\n"
        "1: mov eax, 1\n"
        "  setb al\n"
        "  ret\n"
        "raise_inline:\n"
        "  mov rax, cr8\n"
        "  mov ecx, 2\n"
        "  mov cr8, rcx\n"
        "  mov rdx, cr8\n"
        "  mov cr8, rax\n"
        "  mov rax, rdx\n"
        "  ret\n"
        "processor: movzx eax, byte ptr gs:[0x184]\n"
        "  ret\n"
        "prcb: mov rax, qword ptr gs:[0x20]\n"
        "  ret\n"
        "thread: mov rax, qword ptr gs:[0x188]\n"
        "  ret\n"
        ".att_syntax prefix\n");

volatile int filtered, finished;
static volatile unsigned char sink;

/* Writes behind a buffer on its stack when it is told to. */
KEPT int fill(const unsigned char *from, int length) {
  volatile unsigned char buffer[16];
  for (int i = 0; i < length; i++) buffer[i] = from[0];
  return sink = buffer[0];
}

static int twice(int n) { return 2 * n; }
static int thrice(int n) { return 3 * n; }
int (*volatile table[])(int) = {twice, thrice};
KEPT int indirect(int which, int n) { return table[which](n) + 1; }

/* Waits, through a pointer, for what nobody does. */
static int never(int n) { return n > 100; }
int (*volatile polled)(int) = never;
KEPT int polls(int n) {
  while (!polled(n)) {
  }
  return n;
}

/* METHOD_NEITHER, as it should be done. */
KEPT NTSTATUS probes(const volatile int *address, int *value) {
  __try {
    ProbeForRead(address, sizeof *address, 4);
    *value = *address;
  } __except (1) {
    return (NTSTATUS)0xE0000001;
  }
  return 0;
}

KEPT int rethrows(NTSTATUS status) {
  int path = 1;
  __try {
    __try {
      ExRaiseStatus(status);
    } __except (status == (NTSTATUS)0xC0000001 ? 1 : 0) {
      path = path * 10 + 2;
      ExRaiseStatus((NTSTATUS)0xC0000002);
    }
  } __except (1) {
    path = path * 10 + 3;
  }
  return path;
}

/* A filter that looks at the exception, goes on behind it, and keeps what it saw. */
static KEPT int skips(void **pointers, u64 *seen) {
  unsigned *record = pointers[0];
  u64 *context = pointers[1];
  seen[0] = record[0];
  seen[1] = *(u64 *)(record + 4) == context[31];
  seen[2] = *(u64 *)(record + 10);
  /* Over `mov rax, [rcx]`, with another rax. */
  context[31] += 3;
  context[15] = 77;
  return -1;
}
u64 raw_load(const u64 *at);
__asm__(".text\n.globl raw_load\nraw_load: movq (%rcx), %rax\nretq\n");
void *_exception_info(void);
KEPT u64 continues(const u64 *at, u64 *seen) {
  __try {
    return raw_load(at);
  } __except (skips(_exception_info(), seen)) {
    return 1;
  }
}

/* Filters that never give up. */
KEPT u64 insists(const u64 *at) {
  __try {
    return raw_load(at);
  } __except (-1) {
    return 1;
  }
}

KEPT int switches(int n) {
  switch (n) {
    case 0: return 11;
    case 1: sink = 1; return 7;
    case 2: return twice(sink) + 5;
    case 3: sink = 4; return 13;
    case 4: return fill((const unsigned char *)"x", 3);
    case 5: return 1;
    default: return -1;
  }
}

__attribute__((section("PAGE"), noinline, used)) int paged(int n) { return n + 1; }

__attribute__((section("INIT"))) NTSTATUS DriverEntry(void *driver, void *path) {
  if (driver == path) NdisMSleep(1);
  return (__security_cookie ^ __security_cookie_complement) == ~0ull ? 0 : (NTSTATUS)0xC0000001;
}

void *memcpy(void *to, const void *from, u64 length) {
  for (u64 i = 0; i < length; i++) ((volatile char *)to)[i] = ((const char *)from)[i];
  return to;
}
void *memset(void *to, int value, u64 length) {
  for (u64 i = 0; i < length; i++) ((volatile char *)to)[i] = (char)value;
  return to;
}
