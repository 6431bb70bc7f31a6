#include "reference-original.h"

BOOLEAN HoldSends(PFILTER_MODULE Module, PNET_BUFFER_LIST Chain)
{
    OriginalHoldSends(Module, Chain);
    return FALSE;
}
