#include "reference-original.h"

VOID DescribeFilter(PNDIS_FILTER_DRIVER_CHARACTERISTICS Characteristics)
{
    OriginalDescribeFilter(Characteristics);
    Characteristics->ReturnNetBufferListsHandler = NULL;
}

VOID DescribeDataHandlers(PNDIS_FILTER_PARTIAL_CHARACTERISTICS Handlers)
{
    OriginalDescribeDataHandlers(Handlers);
    Handlers->ReturnNetBufferListsHandler = NULL;
}
