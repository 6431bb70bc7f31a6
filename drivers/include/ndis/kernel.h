/* Names of the kernel that drivers use and the headers of mingw-w64 do not have, or have only for user mode. */
#ifndef NDIS_LWF_KERNEL_H
#define NDIS_LWF_KERNEL_H

/* Those of mingw-w64 assign the parameter to itself, which a const one does not allow. */
#undef UNREFERENCED_PARAMETER
#undef UNREFERENCED_LOCAL_VARIABLE
#undef DBG_UNREFERENCED_PARAMETER
#define UNREFERENCED_PARAMETER(parameter) ((void)(parameter))
#define UNREFERENCED_LOCAL_VARIABLE(variable) ((void)(variable))
#define DBG_UNREFERENCED_PARAMETER(parameter) ((void)(parameter))
#ifndef ARGUMENT_PRESENT
#define ARGUMENT_PRESENT(argument) ((argument) != NULL)
#endif
#ifndef RTL_SIZEOF_THROUGH_FIELD
#define RTL_SIZEOF_THROUGH_FIELD(type, field) (FIELD_OFFSET(type, field) + sizeof(((type *)0)->field))
#endif
#ifndef RTL_FIELD_SIZE
#define RTL_FIELD_SIZE(type, field) (sizeof(((type *)0)->field))
#endif
#ifndef C_ASSERT
#define C_ASSERT(expression) _Static_assert(expression, #expression)
#endif
#ifndef NT_VERIFY
#define NT_VERIFY(expression) ((expression) ? TRUE : (DbgRaiseAssertionFailure(), FALSE))
#endif
#ifndef DECLARE_HANDLE
#define DECLARE_HANDLE(name)                                                                                                     \
    typedef struct name##__ {                                                                                                    \
        int unused;                                                                                                              \
    } *name
#endif
#ifndef DECLSPEC_RESTRICT
#define DECLSPEC_RESTRICT __declspec(restrict)
#endif
/* Or'ed to the priority of a mapping. */
#ifndef MdlMappingNoWrite
#define MdlMappingNoWrite 0x80000000
#define MdlMappingNoExecute 0x40000000
#endif
#ifndef KeMemoryBarrier
#define KeMemoryBarrier() __sync_synchronize()
#endif
#ifndef _WINDEF_
typedef unsigned long DWORD, *PDWORD;
typedef int BOOL, *PBOOL;
#endif
NTKERNELAPI VOID NTAPI KeQuerySystemTimePrecise(PLARGE_INTEGER CurrentTime);
NTKERNELAPI ULONG NTAPI KeShouldYieldProcessor(VOID);
NTKERNELAPI ULONG NTAPI IoGetRequestorProcessId(PIRP Irp);

#include "pool.h"
#include "pushlocks.h"
#include "atomics.h"

#endif
