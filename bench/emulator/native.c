/*
 * The workload on the processor itself and, with -DUNICORN, in Unicorn with a hook of every access to memory. Built by the
 * benchmark, on Linux x86-64.
 *
 *   native IMAGE ENTRY native|unicorn TIMES
 *
 * IMAGE is mapped as it is at BASE; prints the result and the nanoseconds of the run.
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#ifdef UNICORN
#include <unicorn/unicorn.h>
#endif

#define BASE 0x200000000000ull
#define ROOM 0x100000ull
#define STACK 0x210000000000ull
#define STACK_SIZE 0x10000ull
#define SENTINEL (STACK + 0x100)

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000ull + (uint64_t)time.tv_nsec;
}

static void report(uint64_t result, uint64_t spent) {
  printf("%llx %llu\n", (unsigned long long)result, (unsigned long long)spent);
}

static int natively(const uint8_t *image, size_t size, uint64_t entry, uint64_t times) {
  uint8_t *window = mmap((void *)BASE, ROOM, PROT_READ | PROT_WRITE | PROT_EXEC,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
  if (window != (uint8_t *)BASE) return 1;
  memcpy(window, image, size);
  uint64_t (__attribute__((ms_abi)) *work)(uint64_t) = (void *)(window + entry);
  uint64_t start = now();
  uint64_t result = work(times);
  report(result, now() - start);
  return 0;
}

#ifdef UNICORN
static uint64_t accesses;

static void on_access(uc_engine *engine, uc_mem_type type, uint64_t address, int size, int64_t value, void *data) {
  (void)engine, (void)type, (void)address, (void)size, (void)value, (void)data;
  accesses++;
}

static int in_unicorn(const uint8_t *image, size_t size, uint64_t entry, uint64_t times) {
  uc_engine *engine;
  uc_hook hook;
  uint64_t rsp = STACK + STACK_SIZE - 0x108, back = SENTINEL, result = 0;
  if (uc_open(UC_ARCH_X86, UC_MODE_64, &engine) != UC_ERR_OK) return 1;
  uc_mem_map(engine, BASE, ROOM, UC_PROT_ALL);
  uc_mem_map(engine, STACK, STACK_SIZE, UC_PROT_ALL);
  uc_mem_write(engine, BASE, image, size);
  uc_mem_write(engine, rsp, &back, 8);
  uc_reg_write(engine, UC_X86_REG_RSP, &rsp);
  uc_reg_write(engine, UC_X86_REG_RCX, &times);
  uc_hook_add(engine, &hook, UC_HOOK_MEM_READ | UC_HOOK_MEM_WRITE, (void *)on_access, NULL, 1, 0);
  uint64_t start = now();
  uc_err error = uc_emu_start(engine, BASE + entry, SENTINEL, 0, 0);
  uint64_t spent = now() - start;
  if (error != UC_ERR_OK || accesses == 0) return 1;
  uc_reg_read(engine, UC_X86_REG_RAX, &result);
  report(result, spent);
  uc_close(engine);
  return 0;
}
#endif

int main(int count, char **arguments) {
  static uint8_t image[ROOM];
  if (count != 5) return 2;
  FILE *file = fopen(arguments[1], "rb");
  if (!file) return 1;
  size_t size = fread(image, 1, sizeof image, file);
  fclose(file);
  uint64_t entry = strtoull(arguments[2], NULL, 10), times = strtoull(arguments[4], NULL, 10);
  if (strcmp(arguments[3], "native") == 0) return natively(image, size, entry, times);
#ifdef UNICORN
  if (strcmp(arguments[3], "unicorn") == 0) return in_unicorn(image, size, entry, times);
  if (strcmp(arguments[3], "version") == 0) return printf("%u.%u.%u\n", UC_API_MAJOR, UC_API_MINOR, UC_API_PATCH) < 0;
#endif
  return 2;
}
