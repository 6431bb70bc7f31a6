/* What can be asked of fnmp (a miniport, below the driver under test) and fnlwf (a filter, above it). */
#include "device.h"

#define MOST_OIDS 16
#define LONGEST_INFORMATION 1024

static void FnmpOpen(REQUEST *request) { OpenOnRequest(request, &Fnmp); }
static void FnmpClose(REQUEST *request) { CloseOnRequest(request, &Fnmp); }
static void FnmpHold(REQUEST *request) { HoldOnRequest(request, &Fnmp); }
static void FnmpHeld(REQUEST *request) { HeldOnRequest(request, &Fnmp); }
static void FnmpRelease(REQUEST *request) { ReleaseOnRequest(request, &Fnmp); }
static void FnlwfOpen(REQUEST *request) { OpenOnRequest(request, &Fnlwf); }
static void FnlwfClose(REQUEST *request) { CloseOnRequest(request, &Fnlwf); }
static void FnlwfHold(REQUEST *request) { HoldOnRequest(request, &Fnlwf); }
static void FnlwfHeld(REQUEST *request) { HeldOnRequest(request, &Fnlwf); }
static void FnlwfRelease(REQUEST *request) { ReleaseOnRequest(request, &Fnlwf); }
static void FnlwfSend(REQUEST *request) { SendOnRequest(request, &Fnlwf, 0); }

static void FnmpIndicate(REQUEST *request)
{
    BOOL isDpcLevel;
    BOOL isLow;

    if (!TakeFlag(request, "dpcLevel", &isDpcLevel) || !TakeFlag(request, "lowResources", &isLow)) return;
    SendOnRequest(request, &Fnmp, (isDpcLevel ? FN_FLUSH_DPC_LEVEL : 0) | (isLow ? FN_FLUSH_LOW_RESOURCES : 0));
}

static BOOL KeyOf(const JSON_VALUE *value, FN_OID_KEY *key)
{
    const JSON_VALUE *type = Member(value, "type");
    ULONGLONG oid;

    if (!NumberOf(Member(value, "oid"), MAXDWORD, &oid) || type == NULL || type->Type != JsonString) return FALSE;
    if (!IsSame(type->Text, "query") && !IsSame(type->Text, "set")) return FALSE;
    key->Oid = (UINT32)oid;
    key->RequestType = IsSame(type->Text, "set") ? FN_OID_SET : FN_OID_QUERY;
    key->RequestInterface = FN_OID_REGULAR;
    return TRUE;
}

/* At most 16; none are no fault. */
static BOOL KeysOf(const JSON_VALUE *oids, FN_OID_KEY *keys, ULONG *count)
{
    const JSON_VALUE *each;

    *count = 0;
    if (oids == NULL || oids->Type != JsonArray) return FALSE;
    for (each = oids->First; each != NULL; each = each->Next)
        if (*count == MOST_OIDS || !KeyOf(each, &keys[(*count)++])) return FALSE;
    return TRUE;
}

/* fnmp takes such a list only once for a handle, and gives what it holds back with the handle. */
static void HoldOids(REQUEST *request, DEVICE *device, const FN_OID_KEY *keys, ULONG count)
{
    LONG status;

    if (device->Exclusive != NULL) NtClose(device->Exclusive);
    device->Exclusive = NULL;
    if (count == 0) return;
    status = OpenDevice(&Fnmp, FnmpExclusive, (ULONG)device->IfIndex, &device->Exclusive);
    if (!NT_SUCCESS(status)) {
        device->Exclusive = NULL;
        FailWithStatus(request, "fnmp gives no handle for OID requests: somebody else may have it", status);
        return;
    }
    status = Ask(device->Exclusive, FNMP_OID_FILTER, keys, count * (ULONG)sizeof(keys[0]), NULL, NULL);
    if (!NT_SUCCESS(status)) FailWithStatus(request, "fnmp does not hold these requests", status);
}

static void FnmpHoldOids(REQUEST *request)
{
    FN_OID_KEY keys[MOST_OIDS];
    DEVICE *device;
    ULONG count;

    if (!KeysOf(Member(request->Params, "oids"), keys, &count)) {
        Fail(request, "\"oids\" has up to 16 of {oid: number, type: \"query\" or \"set\"}");
        return;
    }
    device = Use(request, &Fnmp);
    if (device == NULL) return;
    AcquireSRWLockExclusive(&device->Oids);
    HoldOids(request, device, keys, count);
    ReleaseSRWLockExclusive(&device->Oids);
    Release(device);
}

/* Asks the exclusive handle; what is not to be held is not there. */
static LONG AskExclusive(DEVICE *device, ULONG code, const void *in, ULONG inSize, ULONG *size)
{
    LONG status = FN_NOT_FOUND;

    AcquireSRWLockExclusive(&device->Oids);
    if (device->Exclusive != NULL) status = Ask(device->Exclusive, code, in, inSize, NULL, size);
    ReleaseSRWLockExclusive(&device->Oids);
    return status;
}

/* With no room for an answer, fnmp says how much a request that it holds needs. */
static void FnmpHeldOid(REQUEST *request)
{
    FN_OID_KEY key;
    DEVICE *device;
    ULONG size = 0;
    LONG status;

    if (!KeyOf(request->Params, &key)) {
        Fail(request, "an OID request is {oid: number, type: \"query\" or \"set\"}");
        return;
    }
    device = Use(request, &Fnmp);
    if (device == NULL) return;
    status = AskExclusive(device, FNMP_OID_GET_REQUEST, &key, sizeof(key), &size);
    Release(device);
    if (!NT_SUCCESS(status) && status != FN_OVERFLOW && status != FN_NOT_FOUND) {
        FailWithStatus(request, "fnmp does not say whether it holds the request", status);
        return;
    }
    Add(&request->Answer, status == FN_NOT_FOUND ? "{\"held\":false}" : "{\"held\":true}");
}

/* The information is left out: a query that succeeds so has zero bytes. */
static void FnmpCompleteOid(REQUEST *request)
{
    FN_OID_COMPLETE complete;
    ULONGLONG status;
    DEVICE *device;
    LONG result;

    ZeroMemory(&complete, sizeof(complete));
    if (!KeyOf(request->Params, &complete.Key)) {
        Fail(request, "an OID request is {oid: number, type: \"query\" or \"set\"}");
        return;
    }
    if (!TakeNumber(request, "status", MAXDWORD, &status)) return;
    complete.Status = (INT32)status;
    device = Use(request, &Fnmp);
    if (device == NULL) return;
    result = AskExclusive(device, FNMP_OID_COMPLETE_REQUEST, &complete, sizeof(complete), NULL);
    if (!NT_SUCCESS(result)) FailWithStatus(request, "fnmp does not complete the request", result);
    Release(device);
}

static void FnlwfDatapath(REQUEST *request)
{
    DEVICE *device = Use(request, &Fnlwf);
    BOOLEAN isUp = FALSE;
    ULONG size = sizeof(isUp);
    LONG status;

    if (device == NULL) return;
    status = Ask(device->File, FNLWF_DATAPATH_GET_STATE, NULL, 0, &isUp, &size);
    Release(device);
    if (!NT_SUCCESS(status)) FailWithStatus(request, "fnlwf does not say whether frames can go", status);
    else Add(&request->Answer, isUp ? "{\"isUp\":true}" : "{\"isUp\":false}");
}

/* A set carries four bytes of zero, and a query has room for 1024. How the request ended is its answer, also when it failed. */
static void FnlwfOid(REQUEST *request)
{
    FN_OID_SUBMIT submit;
    UCHAR *information;
    ULONG size;
    DEVICE *device;
    LONG status;

    ZeroMemory(&submit, sizeof(submit));
    if (!KeyOf(request->Params, &submit.Key)) {
        Fail(request, "an OID request is {oid: number, type: \"query\" or \"set\"}");
        return;
    }
    device = Use(request, &Fnlwf);
    if (device == NULL) return;
    information = Allocate(LONGEST_INFORMATION);
    size = submit.Key.RequestType == FN_OID_SET ? sizeof(ULONG) : LONGEST_INFORMATION;
    submit.InformationBuffer = information;
    submit.InformationBufferLength = size;
    status = Ask(device->File, FNLWF_OID_SUBMIT_REQUEST, &submit, sizeof(submit), information, &size);
    Free(information);
    Release(device);
    Add(&request->Answer, "{\"status\":");
    AddNumber(&request->Answer, (ULONG)status);
    Add(&request->Answer, "}");
}

const OPERATION FnmpOperations[] = {
    {"fnmp.open", FnmpOpen, FALSE},
    {"fnmp.close", FnmpClose, TRUE},
    {"fnmp.holdSends", FnmpHold, TRUE},
    {"fnmp.held", FnmpHeld, FALSE},
    {"fnmp.release", FnmpRelease, TRUE},
    {"fnmp.indicate", FnmpIndicate, TRUE},
    {"fnmp.holdOids", FnmpHoldOids, TRUE},
    {"fnmp.heldOid", FnmpHeldOid, TRUE},
    {"fnmp.completeOid", FnmpCompleteOid, TRUE},
    {NULL, NULL, FALSE},
};

const OPERATION FnlwfOperations[] = {
    {"fnlwf.open", FnlwfOpen, FALSE},
    {"fnlwf.close", FnlwfClose, TRUE},
    {"fnlwf.send", FnlwfSend, TRUE},
    {"fnlwf.holdReceives", FnlwfHold, TRUE},
    {"fnlwf.held", FnlwfHeld, FALSE},
    {"fnlwf.release", FnlwfRelease, TRUE},
    {"fnlwf.datapath", FnlwfDatapath, FALSE},
    {"fnlwf.oid", FnlwfOid, TRUE},
    {NULL, NULL, FALSE},
};
