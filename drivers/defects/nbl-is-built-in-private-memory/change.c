#include "reference-original.h"

typedef struct _PRIVATE_NBL {
    NET_BUFFER_LIST Nbl;
    NET_BUFFER Nb;
    UCHAR Data[DEFAULT_FRAME_LENGTH];
} PRIVATE_NBL, *PPRIVATE_NBL;

PNET_BUFFER_LIST AllocateOwn(PFILTER_MODULE Module, const UCHAR *Frame, ULONG Length)
{
    PPRIVATE_NBL own = ExAllocatePoolWithTag(NonPagedPool, sizeof(*own), TAG_NBL);

    if (own == NULL) return NULL;
    NdisZeroMemory(own, sizeof(*own));
    if (Frame != NULL) NdisMoveMemory(own->Data, Frame, min(Length, sizeof(own->Data)));
    own->Nbl.FirstNetBuffer = &own->Nb;
    own->Nb.MdlChain = NdisAllocateMdl(Module->FilterHandle, own->Data, sizeof(own->Data));
    own->Nb.CurrentMdl = own->Nb.MdlChain;
    own->Nb.DataLength = sizeof(own->Data);
    MarkAsOwn(Module, &own->Nbl);
    return &own->Nbl;
}

VOID FreeOwn(PNET_BUFFER_LIST Nbl)
{
    NdisFreeMdl(NET_BUFFER_FIRST_MDL(NET_BUFFER_LIST_FIRST_NB(Nbl)));
    ExFreePoolWithTag(Nbl, TAG_NBL);
}
