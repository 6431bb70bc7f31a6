#include "reference-original.h"

VOID AbandonModule(PFILTER_MODULE Module)
{
    UNREFERENCED_PARAMETER(Module);
}
