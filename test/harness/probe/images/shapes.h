/* What the header must leave alone: the address of a function, and names that only look like one. */
#include <ndis.h>

typedef VOID(NTAPI *SEND)(NDIS_HANDLE, PNET_BUFFER_LIST, NDIS_PORT_NUMBER, ULONG);
typedef struct _TABLE {
    SEND NdisFSendNetBufferLists;
} TABLE;

static SEND Address = NdisFSendNetBufferLists;
static SEND TheSame = &NdisFSendNetBufferLists;

EXTERN_C VOID NTAPI Use(TABLE *Table, NDIS_HANDLE Handle, PNET_BUFFER_LIST List)
{
    Table->NdisFSendNetBufferLists = Address == TheSame ? Address : TheSame;
    NdisFSendNetBufferLists(Handle, List, NDIS_DEFAULT_PORT_NUMBER, 0);
}

EXTERN_C NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);
    return STATUS_SUCCESS;
}
