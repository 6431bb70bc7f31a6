/* FilterAttach and FilterDetach. */
#include "filter.h"

#pragma alloc_text(PAGE, FilterAttach)
#pragma alloc_text(PAGE, FilterDetach)

/* Allocates what the module will need until it is detached, and starts Paused. On failure nothing is left behind. */
NDIS_STATUS NTAPI FilterAttach(NDIS_HANDLE NdisFilterHandle, NDIS_HANDLE FilterDriverContext,
                               PNDIS_FILTER_ATTACH_PARAMETERS AttachParameters)
{
    PFILTER_MODULE module;
    NDIS_STATUS status;

    UNREFERENCED_PARAMETER(FilterDriverContext);

    module = CreateModule(NdisFilterHandle, AttachParameters);
    if (module == NULL) return NDIS_STATUS_RESOURCES;
    status = SetAttributes(module);
    if (status != NDIS_STATUS_SUCCESS) {
        FreeModule(module);
        return status;
    }
    Publish(module);
    return NDIS_STATUS_SUCCESS;
}

/* Tells NDIS the context that every later handler of this module gets. */
NDIS_STATUS SetAttributes(PFILTER_MODULE Module)
{
    NDIS_FILTER_ATTRIBUTES attributes;

    NdisZeroMemory(&attributes, sizeof(attributes));
    NDIS_SET_OBJECT_HEADER(&attributes.Header, NDIS_OBJECT_TYPE_FILTER_ATTRIBUTES, NDIS_FILTER_ATTRIBUTES_REVISION_1,
                           NDIS_SIZEOF_FILTER_ATTRIBUTES_REVISION_1);
    return NdisFSetAttributes(Module->FilterHandle, Module, &attributes);
}

PFILTER_MODULE CreateModule(NDIS_HANDLE FilterHandle, PNDIS_FILTER_ATTACH_PARAMETERS Parameters)
{
    PFILTER_MODULE module = NewModule(FilterHandle, Parameters);

    if (module == NULL) return NULL;
    InitializeGate(module);
    if (AllocateResources(module)) return module;
    AbandonModule(module);
    return NULL;
}

/* The name is copied: the parameters are NDIS's again when FilterAttach returns: ATT-07. */
PFILTER_MODULE NewModule(NDIS_HANDLE FilterHandle, PNDIS_FILTER_ATTACH_PARAMETERS Parameters)
{
    USHORT nameLength = Parameters->BaseMiniportName->Length;
    UINT size = ModuleSize();
    PFILTER_MODULE module = NdisAllocateMemoryWithTagPriority(FilterHandle, size + nameLength, TAG_MODULE, NormalPoolPriority);

    if (module == NULL) return NULL;
    NdisZeroMemory(module, size);
    module->FilterHandle = FilterHandle;
    module->AdapterName.Buffer = (PWCH)((PUCHAR)module + size);
    module->AdapterName.MaximumLength = nameLength;
    RtlCopyUnicodeString(&module->AdapterName, Parameters->BaseMiniportName);
    ExInitializeRundownProtection(&module->Users);
    ExInitializeRundownProtection(&module->Gate);
    NdisAllocateSpinLock(&module->Lock);
    InitializeListHead(&module->OwnOids);
    module->State = ModulePaused;
    return module;
}

/* A filter that knows more of a module than this one puts it behind FILTER_MODULE. */
UINT ModuleSize(VOID)
{
    return sizeof(FILTER_MODULE);
}

/* A module that has just attached is Paused: its gate is closed until the first restart: ATT-06. */
VOID InitializeGate(PFILTER_MODULE Module)
{
    CloseGate(Module);
}

/* Returns FALSE when memory is short; what was allocated until then is in the module. */
BOOLEAN AllocateResources(PFILTER_MODULE Module)
{
    Module->Pool = CreatePool(Module->FilterHandle);
    if (Module->Pool == NULL) return FALSE;
    Module->SendTimer = CreateTimer(Module, SendFromTimer);
    Module->StatusTimer = CreateTimer(Module, StatusFromTimer);
    Module->HoldTimer = CreateTimer(Module, ReleaseOverdue);
    return Module->SendTimer != NULL && Module->StatusTimer != NULL && Module->HoldTimer != NULL;
}

/* The attach fails: FilterDetach will not be called for this module, so what it would free is freed here: ATT-04. */
VOID AbandonModule(PFILTER_MODULE Module)
{
    FreeModule(Module);
}

/* NDIS has paused the module (or never restarted it). What still uses it is waited for; there is no second chance: DET-09. */
VOID NTAPI FilterDetach(NDIS_HANDLE FilterModuleContext)
{
    PFILTER_MODULE module = FilterModuleContext;

    MakeUnreachable(module);
    FreeModule(module);
}

VOID FreeModule(PFILTER_MODULE Module)
{
    FreeTimers(Module);
    FreePool(Module);
    if (Module->Frame != NULL) NdisFreeMemory(Module->Frame, 0, 0);
    NdisFreeSpinLock(&Module->Lock);
    NdisFreeMemory(Module, 0, 0);
}

VOID FreePool(PFILTER_MODULE Module)
{
    if (Module->Pool != NULL) NdisFreeNetBufferListPool(Module->Pool);
}
