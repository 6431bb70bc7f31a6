#include "reference-original.h"

BOOLEAN NothingOutstanding(PFILTER_MODULE Module)
{
    return Module->OutstandingReceives == 0;
}
