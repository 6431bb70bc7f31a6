#include "reference-original.h"

VOID ReturnForeignReceives(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain, ULONG Flags)
{
    NET_BUFFER_LIST_NEXT_NBL(Chain) = NULL;
    OriginalReturnForeignReceives(Module, Chain, Flags);
}
