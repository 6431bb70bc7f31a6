#include "reference-original.h"

VOID CompleteForeignSends(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain, ULONG Flags)
{
    NET_BUFFER_LIST_NEXT_NBL(Chain) = NULL;
    OriginalCompleteForeignSends(Module, Chain, Flags);
}
