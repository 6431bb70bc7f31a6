#include "reference-original.h"

NDIS_STATUS PrepareEpoch(PFILTER_MODULE Module, PNDIS_FILTER_RESTART_PARAMETERS Parameters)
{
    PNDIS_RESTART_ATTRIBUTES attributes;

    for (attributes = Parameters->RestartAttributes; attributes != NULL; attributes = attributes->Next) {
        if (attributes->Oid == OID_GEN_MINIPORT_RESTART_ATTRIBUTES) {
            ((PNDIS_RESTART_GENERAL_ATTRIBUTES)attributes->Data)->MtuSize -= 4;
        }
    }
    return OriginalPrepareEpoch(Module, Parameters);
}
