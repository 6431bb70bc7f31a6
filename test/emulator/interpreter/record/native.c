/*
 * Runs code on the real processor, with all registers, flags and memory given and taken. Linux on x86-64 only.
 * Built and fed by record.ts: cases come in on stdin, results go out on stdout, both as the structs below.
 *
 * The window is mapped where only the top 17 bits of its address differ from the emulator's, so that all arithmetic on the
 * low half of an address is the same in both.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#define BASE 0x200000000000ull
#define WINDOW 0x10000
#define CODE 0x1000
#define DATA 0x2000
#define STACK 0x3000
#define DATA_SIZE 512
#define STACK_SIZE 256

struct state {
  uint64_t gpr[16];
  uint64_t flags;
  uint8_t xmm[16][16];
  uint8_t data[DATA_SIZE];
  uint8_t stack[STACK_SIZE];
  uint64_t mxcsr;
};

struct input {
  uint64_t length;
  uint8_t code[256];
  struct state state;
};

struct output {
  uint64_t signal;
  uint64_t rip;
  struct state state;
};

struct state now;
uint32_t host_mxcsr = 0x1f80;
uint64_t host_rsp, target = BASE + CODE;
static sigjmp_buf back;
static uint64_t stopped_at;

void enter(void);
void after(void);

__asm__(".text\n"
        ".globl enter\n"
        "enter:\n"
        "  push %rbx\n  push %rbp\n  push %r12\n  push %r13\n  push %r14\n  push %r15\n"
        "  mov %rsp, host_rsp(%rip)\n"
        "  lea now(%rip), %rax\n"
        "  movups 136(%rax), %xmm0\n  movups 152(%rax), %xmm1\n  movups 168(%rax), %xmm2\n"
        "  movups 184(%rax), %xmm3\n  movups 200(%rax), %xmm4\n  movups 216(%rax), %xmm5\n"
        "  movups 232(%rax), %xmm6\n  movups 248(%rax), %xmm7\n  movups 264(%rax), %xmm8\n"
        "  movups 280(%rax), %xmm9\n  movups 296(%rax), %xmm10\n  movups 312(%rax), %xmm11\n"
        "  movups 328(%rax), %xmm12\n  movups 344(%rax), %xmm13\n  movups 360(%rax), %xmm14\n"
        "  movups 376(%rax), %xmm15\n"
        "  ldmxcsr 1160(%rax)\n"
        "  push 128(%rax)\n  popfq\n"
        "  mov 8(%rax), %rcx\n  mov 16(%rax), %rdx\n  mov 24(%rax), %rbx\n  mov 32(%rax), %rsp\n"
        "  mov 40(%rax), %rbp\n  mov 48(%rax), %rsi\n  mov 56(%rax), %rdi\n  mov 64(%rax), %r8\n"
        "  mov 72(%rax), %r9\n  mov 80(%rax), %r10\n  mov 88(%rax), %r11\n  mov 96(%rax), %r12\n"
        "  mov 104(%rax), %r13\n  mov 112(%rax), %r14\n  mov 120(%rax), %r15\n  mov (%rax), %rax\n"
        "  jmp *target(%rip)\n"
        ".globl after\n"
        "after:\n"
        "  mov %rax, now(%rip)\n  mov %rcx, now+8(%rip)\n  mov %rdx, now+16(%rip)\n"
        "  mov %rbx, now+24(%rip)\n  mov %rsp, now+32(%rip)\n  mov %rbp, now+40(%rip)\n"
        "  mov %rsi, now+48(%rip)\n  mov %rdi, now+56(%rip)\n  mov %r8, now+64(%rip)\n"
        "  mov %r9, now+72(%rip)\n  mov %r10, now+80(%rip)\n  mov %r11, now+88(%rip)\n"
        "  mov %r12, now+96(%rip)\n  mov %r13, now+104(%rip)\n  mov %r14, now+112(%rip)\n"
        "  mov %r15, now+120(%rip)\n  mov host_rsp(%rip), %rsp\n"
        "  pushfq\n  pop %rcx\n  cld\n  mov %rcx, now+128(%rip)\n"
        "  lea now(%rip), %rax\n"
        "  movups %xmm0, 136(%rax)\n  movups %xmm1, 152(%rax)\n  movups %xmm2, 168(%rax)\n"
        "  movups %xmm3, 184(%rax)\n  movups %xmm4, 200(%rax)\n  movups %xmm5, 216(%rax)\n"
        "  movups %xmm6, 232(%rax)\n  movups %xmm7, 248(%rax)\n  movups %xmm8, 264(%rax)\n"
        "  movups %xmm9, 280(%rax)\n  movups %xmm10, 296(%rax)\n  movups %xmm11, 312(%rax)\n"
        "  movups %xmm12, 328(%rax)\n  movups %xmm13, 344(%rax)\n  movups %xmm14, 360(%rax)\n"
        "  movups %xmm15, 376(%rax)\n"
        "  stmxcsr 1160(%rax)\n  ldmxcsr host_mxcsr(%rip)\n"
        "  pop %r15\n  pop %r14\n  pop %r13\n  pop %r12\n  pop %rbp\n  pop %rbx\n"
        "  ret\n");

/* What stopped the code: its registers are in the context, in the order of the C library. */
static void on_signal(int number, siginfo_t *info, void *context) {
  static const int order[16] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
                                REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};
  mcontext_t *machine = &((ucontext_t *)context)->uc_mcontext;
  (void)info;
  for (int i = 0; i < 16; i++) now.gpr[i] = (uint64_t)machine->gregs[order[i]];
  now.flags = (uint64_t)machine->gregs[REG_EFL];
  stopped_at = (uint64_t)machine->gregs[REG_RIP];
  memcpy(now.xmm, machine->fpregs->_xmm, sizeof now.xmm);
  now.mxcsr = machine->fpregs->mxcsr;
  siglongjmp(back, number);
}

int main(void) {
  static uint8_t alternate[65536];
  static struct input in;
  static struct output out;
  stack_t stack = {.ss_sp = alternate, .ss_size = sizeof alternate};
  struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
  uint8_t *window = mmap((void *)BASE, WINDOW, PROT_READ | PROT_WRITE | PROT_EXEC,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
  if (window != (uint8_t *)BASE) return 1;
  sigaltstack(&stack, NULL);
  sigaction(SIGFPE, &action, NULL);
  sigaction(SIGSEGV, &action, NULL);
  sigaction(SIGBUS, &action, NULL);
  sigaction(SIGILL, &action, NULL);
  sigaction(SIGTRAP, &action, NULL);
  while (fread(&in, sizeof in, 1, stdin) == 1) {
    static const uint8_t jump[6] = {0xff, 0x25, 0, 0, 0, 0};
    uint64_t away = (uint64_t)after;
    memcpy(window + CODE, in.code, in.length);
    memcpy(window + CODE + in.length, jump, sizeof jump);
    memcpy(window + CODE + in.length + sizeof jump, &away, sizeof away);
    memcpy(window + DATA, in.state.data, DATA_SIZE);
    memcpy(window + STACK, in.state.stack, STACK_SIZE);
    now = in.state;
    out.rip = BASE + CODE + in.length;
    out.signal = (uint64_t)sigsetjmp(back, 1);
    if (out.signal == 0) enter();
    else out.rip = stopped_at;
    out.state = now;
    memcpy(out.state.data, window + DATA, DATA_SIZE);
    memcpy(out.state.stack, window + STACK, STACK_SIZE);
    fwrite(&out, sizeof out, 1, stdout);
  }
  return 0;
}
