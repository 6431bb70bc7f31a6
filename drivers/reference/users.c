/*
 * Who can find a module, and references of those whom NDIS does not wait for: IRPs, armed timers, queued work items. FilterDetach waits
 * for them, so none of them ever sees a module that is gone. A reference is held for the time of one piece of work, never for the
 * life of an open handle.
 */
#include "filter.h"

VOID Publish(PFILTER_MODULE Module)
{
    NdisAcquireSpinLock(&Globals->Lock);
    InsertTailList(&Globals->Modules, &Module->Link);
    NdisReleaseSpinLock(&Globals->Lock);
}

/* May be called more than once: a module that is not in the list points at itself. */
VOID Unpublish(PFILTER_MODULE Module)
{
    NdisAcquireSpinLock(&Globals->Lock);
    RemoveEntryList(&Module->Link);
    InitializeListHead(&Module->Link);
    NdisReleaseSpinLock(&Globals->Lock);
}

/* Returns the lowest module on the adapter, referenced; NULL when there is none (any more). */
PFILTER_MODULE ReferenceModuleOn(PCUNICODE_STRING AdapterName)
{
    PFILTER_MODULE found = NULL;
    PLIST_ENTRY link;

    NdisAcquireSpinLock(&Globals->Lock);
    for (link = Globals->Modules.Flink; link != &Globals->Modules && found == NULL; link = link->Flink) {
        PFILTER_MODULE module = CONTAINING_RECORD(link, FILTER_MODULE, Link);
        if (NamesAdapter(AdapterName, &module->AdapterName) && ReferenceModule(module)) found = module;
    }
    NdisReleaseSpinLock(&Globals->Lock);
    return found;
}

/*
 * Whether a name is that of a miniport: the same but for case, or what stands behind the last backslash of \Device\{GUID}. Written out, because
 * the functions of the kernel that compare without case need PASSIVE_LEVEL, and the caller holds a lock.
 */
BOOLEAN NamesAdapter(PCUNICODE_STRING Name, PCUNICODE_STRING BaseMiniportName)
{
    USHORT length = Name->Length / sizeof(WCHAR);
    USHORT whole = BaseMiniportName->Length / sizeof(WCHAR);
    USHORT skipped, index;

    if (length == 0 || length > whole) return FALSE;
    skipped = whole - length;
    if (skipped != 0 && BaseMiniportName->Buffer[skipped - 1] != L'\\') return FALSE;
    for (index = 0; index < length; index += 1) {
        WCHAR one = Name->Buffer[index];
        WCHAR other = BaseMiniportName->Buffer[skipped + index];
        if (one >= L'a' && one <= L'z') one -= L'a' - L'A';
        if (other >= L'a' && other <= L'z') other -= L'a' - L'A';
        if (one != other) return FALSE;
    }
    return TRUE;
}

/* Nobody finds the module any more, nothing is armed, and nobody uses it. Called once or twice before a module is freed. */
VOID MakeUnreachable(PFILTER_MODULE Module)
{
    Unpublish(Module);
    CancelTimers(Module);
    WaitForUsers(Module);
}

/* Returns FALSE when the module is being detached. */
BOOLEAN ReferenceModule(PFILTER_MODULE Module)
{
    return ExAcquireRundownProtection(&Module->Users);
}

VOID DereferenceModule(PFILTER_MODULE Module)
{
    ExReleaseRundownProtection(&Module->Users);
}

/* Returns when the last user is gone; there will be no new one. PASSIVE_LEVEL, no lock held. */
VOID WaitForUsers(PFILTER_MODULE Module)
{
    ExWaitForRundownProtectionRelease(&Module->Users);
}
