/* One misuse of memory or of the kernel a function, in a function of its own that a stack can name. */
typedef unsigned long long u64;
typedef unsigned char u8;
typedef unsigned char KIRQL;

#define IMPORT __declspec(dllimport)
#define KEPT __attribute__((noinline, used))

IMPORT void *ExAllocatePoolWithTag(int type, u64 length, unsigned tag);
IMPORT void ExFreePoolWithTag(void *block, unsigned tag);
IMPORT void ExFreePool(void *block);
IMPORT KIRQL KeAcquireSpinLockRaiseToDpc(u64 *lock);
IMPORT void KeReleaseSpinLock(u64 *lock, KIRQL irql);
IMPORT KIRQL KfRaiseIrql(KIRQL irql);
IMPORT void KeLowerIrql(KIRQL irql);
IMPORT void KeInitializeEvent(void *event, int type, u8 state);
IMPORT int KeWaitForSingleObject(void *object, int reason, u8 mode, u8 alertable, void *timeout);
IMPORT int KeSetEvent(void *event, int increment, u8 wait);
IMPORT int ZwClose(void *handle);
IMPORT void *IoAllocateMdl(void *address, unsigned length, u8 secondary, u8 quota, void *irp);
IMPORT void IoFreeMdl(void *mdl);
IMPORT void MmBuildMdlForNonPagedPool(void *mdl);
IMPORT void MmUnlockPages(void *mdl);
IMPORT void MmProbeAndLockPages(void *mdl, u8 mode, int operation);
IMPORT void *MmMapLockedPagesSpecifyCache(void *mdl, u8 mode, int cache, void *at, unsigned failure, unsigned priority);
IMPORT void *IoAllocateIrp(u8 locations, u8 quota);
IMPORT void IofCompleteRequest(void *irp, u8 boost);
IMPORT void ObfDereferenceObject(void *object);

#define TAG 0x7473654d /* 'Mest' */
#define NONPAGED 512
#define PAGED 1

volatile u8 sink;
volatile unsigned tag_bits;
u64 lock;
const int constant = 1;

KEPT u8 *allocates(int type) { return ExAllocatePoolWithTag(type, 24, TAG | tag_bits); }
KEPT void frees(void *block) { ExFreePoolWithTag(block, TAG); sink = 1; }

KEPT void overrun(void) { volatile u8 *block = allocates(NONPAGED); block[24] = 1; }
KEPT void overrun_read(void) { volatile u8 *block = allocates(NONPAGED); sink = block[31]; }
KEPT void underrun(void) { volatile u8 *block = allocates(NONPAGED); block[-1] = 1; }
KEPT void use_after_free(void) { volatile u8 *block = allocates(NONPAGED); frees((void *)block); block[8] = 1; }
KEPT void double_free(void) { u8 *block = allocates(NONPAGED); frees(block); frees(block); }
/* PROTECTED_POOL_TAG: without it a wrong tag is no bugcheck. */
KEPT void wrong_tag(void) { u8 *block; tag_bits = 0x80000000; block = allocates(NONPAGED); ExFreePoolWithTag(block, 0x31313131); sink = 1; }
KEPT void frees_inside(void) { u8 *block = allocates(NONPAGED); ExFreePool(block + 16); sink = 1; }
KEPT void frees_user_address(void) { ExFreePool((void *)0x1000); sink = 1; }
KEPT void frees_paged_raised(void) { u8 *block = allocates(PAGED); KfRaiseIrql(2); frees(block); }
KEPT void touches_paged_raised(void) { volatile u8 *block = allocates(PAGED); KfRaiseIrql(2); block[0] = 1; }
KEPT void allocates_paged_raised(void) { KfRaiseIrql(2); sink = *allocates(PAGED); }
__attribute__((section("PAGE"), noinline, used)) void paged(void) { sink = 2; }
KEPT void runs_paged_raised(void) { KfRaiseIrql(2); paged(); sink = 1; }
KEPT void null_pointer(void) { sink = *(volatile u8 *)0x10; }
KEPT void writes_constant(void) { *(volatile int *)&constant = 2; }
KEPT void wild_address(void) { sink = *(volatile u8 *)0xffffb00012345678; }
KEPT void runs_pool(void) {
  u8 *block = allocates(NONPAGED);
  block[0] = 0xc3;
  ((void (*)(void))block)();
  sink = 1;
}
void (*volatile nowhere)(void);
KEPT void runs_null(void) { nowhere(); sink = 1; }

KEPT int recurses(volatile int *at) { volatile int deep[200]; deep[0] = *at; return recurses(&deep[0]) + deep[0]; }
KEPT void stack_overflow(void) { volatile int n = 0; sink = (u8)recurses(&n); }

KEPT void uninitialised_lock(void) { u64 *garbage = (u64 *)allocates(NONPAGED); KeAcquireSpinLockRaiseToDpc(garbage); sink = 1; }
KEPT void uninitialised_event(void) { u8 *garbage = allocates(NONPAGED); KeSetEvent(garbage, 0, 0); sink = 1; }
KEPT void waits_for_garbage(void) { u8 *garbage = allocates(NONPAGED); KeWaitForSingleObject(garbage, 0, 0, 0, 0); sink = 1; }
KEPT void takes_lock_twice(void) { KeAcquireSpinLockRaiseToDpc(&lock); KeAcquireSpinLockRaiseToDpc(&lock); sink = 1; }
KEPT void releases_free_lock(void) { KfRaiseIrql(2); KeReleaseSpinLock(&lock, 0); sink = 1; }
KEPT void spins(void) { KfRaiseIrql(2); while (sink != 77) {} }
KEPT void lowers_upwards(void) { KeLowerIrql(2); sink = 1; }
KEPT void raises_downwards(void) { KfRaiseIrql(2); KfRaiseIrql(0); sink = 1; }
KEPT void closes_raised(void) { KfRaiseIrql(2); ZwClose((void *)8); sink = 1; }
KEPT void waits_raised(void) {
  u8 event[24];
  KeInitializeEvent(event, 0, 0);
  KfRaiseIrql(2);
  KeWaitForSingleObject(event, 0, 0, 0, 0);
  sink = 1;
}

KEPT void unlocks_never_locked(void) { void *mdl = IoAllocateMdl(allocates(NONPAGED), 24, 0, 0, 0); MmUnlockPages(mdl); sink = 1; }
KEPT void unlocks_nonpaged(void) {
  void *mdl = IoAllocateMdl(allocates(NONPAGED), 24, 0, 0, 0);
  MmBuildMdlForNonPagedPool(mdl);
  MmUnlockPages(mdl);
  sink = 1;
}
KEPT void locks_built(void) {
  void *mdl = IoAllocateMdl(allocates(NONPAGED), 24, 0, 0, 0);
  MmBuildMdlForNonPagedPool(mdl);
  MmProbeAndLockPages(mdl, 0, 2);
  sink = 1;
}
KEPT void builds_paged(void) { void *mdl = IoAllocateMdl(allocates(PAGED), 24, 0, 0, 0); MmBuildMdlForNonPagedPool(mdl); sink = 1; }
KEPT void maps_unlocked(void) {
  void *mdl = IoAllocateMdl(allocates(NONPAGED), 24, 0, 0, 0);
  MmMapLockedPagesSpecifyCache(mdl, 0, 1, 0, 0, 16);
  sink = 1;
}
KEPT void frees_mdl_twice(void) {
  void *mdl = IoAllocateMdl(allocates(NONPAGED), 24, 0, 0, 0);
  IoFreeMdl(mdl);
  IoFreeMdl(mdl);
  sink = 1;
}
KEPT void completes_garbage(void) { IofCompleteRequest(ExAllocatePoolWithTag(NONPAGED, 512, TAG), 0); sink = 1; }

/* Dispatch routines: complete an IRP once, twice, and with its cancel routine set. */
KEPT int completes(void *device, u8 *irp) {
  *(int *)(irp + 0x30) = 0;
  *(u64 *)(irp + 0x38) = 0;
  IofCompleteRequest(irp, 0);
  sink = 1;
  return 0;
}
KEPT int completes_twice(void *device, u8 *irp) { completes(device, irp); IofCompleteRequest(irp, 0); return sink; }
KEPT int touches_completed(void *device, u8 *irp) { completes(device, irp); return *(volatile int *)(irp + 0x30); }
KEPT int completes_cancellable(void *device, u8 *irp) { *(void **)(irp + 0x68) = completes; return completes(device, irp); }

KEPT void dereferences_too_often(u8 *object) { ObfDereferenceObject(object); ObfDereferenceObject(object); sink = 1; }

static void *volatile left;
KEPT void leaves_a_pointer(void) { volatile int here = 1; left = (void *)&here; sink = (u8)here; }
KEPT void follows_it(void) { *(volatile int *)left = 2; }

int DriverEntry(void *driver, void *path) { sink = driver == path; return 0; }
