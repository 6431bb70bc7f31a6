#include "reference-original.h"

VOID DescribeBypassHandlers(PNDIS_FILTER_PARTIAL_CHARACTERISTICS Handlers)
{
    UNREFERENCED_PARAMETER(Handlers);
}
