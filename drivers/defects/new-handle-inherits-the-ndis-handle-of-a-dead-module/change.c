#include "reference-original.h"

/* What earlier handles were bound to, by file name: the last few adapters. */
typedef struct _KNOWN {
    WCHAR Name[64];
    USHORT Length;
    NDIS_HANDLE FilterHandle;
} KNOWN;
static KNOWN Known[4];

static KNOWN *Find(PCUNICODE_STRING Name)
{
    ULONG index;

    for (index = 0; index < RTL_NUMBER_OF(Known); index += 1) {
        if (Known[index].Length == Name->Length && NdisEqualMemory(Known[index].Name, Name->Buffer, Name->Length)) return &Known[index];
        if (Known[index].Length == 0) return &Known[index];
    }
    return NULL;
}

static VOID AskFor(NDIS_HANDLE FilterHandle)
{
    static ULONG size;
    PNDIS_OID_REQUEST request =
        NdisAllocateMemoryWithTagPriority(Globals->DriverHandle, sizeof(*request), TAG_OID, NormalPoolPriority);

    if (request == NULL) return;
    NdisZeroMemory(request, sizeof(*request));
    NDIS_SET_OBJECT_HEADER(&request->Header, NDIS_OBJECT_TYPE_OID_REQUEST, NDIS_OID_REQUEST_REVISION_1,
                           NDIS_SIZEOF_OID_REQUEST_REVISION_1);
    request->RequestType = NdisRequestQueryInformation;
    request->RequestHandle = FilterHandle;
    request->DATA.QUERY_INFORMATION.Oid = OID_GEN_MAXIMUM_TOTAL_SIZE;
    request->DATA.QUERY_INFORMATION.InformationBuffer = &size;
    request->DATA.QUERY_INFORMATION.InformationBufferLength = sizeof(size);
    if (NdisFOidRequest(FilterHandle, request) != NDIS_STATUS_PENDING) NdisFreeMemory(request, 0, 0);
}

NTSTATUS NTAPI DispatchCreate(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNICODE_STRING file = IoGetCurrentIrpStackLocation(Irp)->FileObject->FileName;
    UNICODE_STRING name = file;
    PFILTER_MODULE module;
    KNOWN *known;

    if (name.Length >= sizeof(WCHAR) && name.Buffer[0] == L'\\') {
        name.Buffer += 1;
        name.Length -= sizeof(WCHAR);
    }
    known = name.Length <= sizeof(Known[0].Name) ? Find(&name) : NULL;
    module = ReferenceModuleOn(&name);
    if (known != NULL && module != NULL) {
        NdisMoveMemory(known->Name, name.Buffer, name.Length);
        known->Length = name.Length;
        known->FilterHandle = module->FilterHandle;
    }
    if (module != NULL) DereferenceModule(module);
    else if (known != NULL && known->FilterHandle != NULL) AskFor(known->FilterHandle);
    return OriginalDispatchCreate(DeviceObject, Irp);
}
