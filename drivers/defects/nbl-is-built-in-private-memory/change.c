#include "reference-original.h"

typedef struct _PRIVATE_NBL {
    NET_BUFFER_LIST Nbl;
    NET_BUFFER Nb;
    UCHAR Data[];
} PRIVATE_NBL, *PPRIVATE_NBL;

PNET_BUFFER_LIST AllocateOwn(PFILTER_MODULE Module, const UCHAR *Frame, ULONG Length)
{
    ULONG length = Frame == NULL ? DEFAULT_FRAME_LENGTH : Length;
    PPRIVATE_NBL own = ExAllocatePoolWithTag(NonPagedPool, sizeof(*own) + length, TAG_NBL);

    if (own == NULL) return NULL;
    NdisZeroMemory(own, sizeof(*own) + length);
    if (Frame == NULL) Frame = Module->Frame;
    if (Frame != NULL) NdisMoveMemory(own->Data, Frame, length);
    own->Nb.MdlChain = NdisAllocateMdl(Module->FilterHandle, own->Data, length);
    if (own->Nb.MdlChain == NULL) {
        ExFreePoolWithTag(own, TAG_NBL);
        return NULL;
    }
    own->Nb.CurrentMdl = own->Nb.MdlChain;
    own->Nb.DataLength = length;
    own->Nbl.FirstNetBuffer = &own->Nb;
    MarkAsOwn(Module, &own->Nbl);
    return &own->Nbl;
}

VOID FreeOwn(PNET_BUFFER_LIST Nbl)
{
    NdisFreeMdl(NET_BUFFER_FIRST_MDL(NET_BUFFER_LIST_FIRST_NB(Nbl)));
    ExFreePoolWithTag(Nbl, TAG_NBL);
}
