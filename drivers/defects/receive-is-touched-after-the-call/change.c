#include "reference-original.h"

static volatile LONG Logged;

VOID IndicateOwn(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain, ULONG Count, ULONG Flags)
{
    OriginalIndicateOwn(Module, Chain, Count, Flags);
    if (NET_BUFFER_LIST_FIRST_NB(Chain) != NULL) NdisInterlockedIncrement(&Logged);
}
