#include "reference-original.h"

VOID CopyResults(PNDIS_OID_REQUEST Original, PNDIS_OID_REQUEST Clone)
{
    UNREFERENCED_PARAMETER(Original);
    UNREFERENCED_PARAMETER(Clone);
}
