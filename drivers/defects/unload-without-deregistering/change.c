#include "reference-original.h"

VOID DeregisterFilter(VOID)
{
}
