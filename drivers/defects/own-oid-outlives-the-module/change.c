#include "reference-original.h"

NTSTATUS OriginateSynchronousOid(PFILTER_MODULE Module)
{
    NTSTATUS status;

    DereferenceModule(Module);
    status = OriginalOriginateSynchronousOid(Module);
    ReferenceModule(Module);
    return status;
}
