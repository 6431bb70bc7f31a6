/* Chains of NBLs, as the header of that name in the Windows Driver Kit has them: plain C over the Next pointers. */
#ifndef NDIS_LWF_NDL_NBLCHAIN_H
#define NDIS_LWF_NDL_NBLCHAIN_H

#include <ndis.h>

static __inline NET_BUFFER_LIST *NdisLastNblInNblChain(NET_BUFFER_LIST *NblChain)
{
    while (NblChain->Next != NULL) NblChain = NblChain->Next;
    return NblChain;
}

static __inline SIZE_T NdisNumNblsInNblChain(NET_BUFFER_LIST const *NblChain)
{
    SIZE_T count = 0;

    for (; NblChain != NULL; NblChain = NblChain->Next) count += 1;
    return count;
}

/* The last NBL of a chain that is not empty, and how many there are. */
static __inline NET_BUFFER_LIST *NdisLastNblInNblChainWithCount(NET_BUFFER_LIST *NblChain, SIZE_T *NblCount)
{
    *NblCount = 1;
    for (; NblChain->Next != NULL; NblChain = NblChain->Next) *NblCount += 1;
    return NblChain;
}

static __inline VOID NdisSetStatusInNblChain(NET_BUFFER_LIST *NblChain, NDIS_STATUS Status)
{
    for (; NblChain != NULL; NblChain = NblChain->Next) NblChain->Status = Status;
}

#endif
