#include "reference-original.h"

BOOLEAN NothingOutstanding(PFILTER_MODULE Module)
{
    return Module->OutstandingSends == 0;
}
