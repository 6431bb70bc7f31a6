#include "reference-original.h"

VOID DescribeFilter(PNDIS_FILTER_DRIVER_CHARACTERISTICS Characteristics)
{
    OriginalDescribeFilter(Characteristics);
    Characteristics->PauseHandler = NULL;
}
