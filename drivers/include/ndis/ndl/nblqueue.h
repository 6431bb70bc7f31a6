/* Queues of NBLs, as the header of that name in the Windows Driver Kit has them: the first NBL, and where the next one is to be linked. */
#ifndef NDIS_LWF_NDL_NBLQUEUE_H
#define NDIS_LWF_NDL_NBLQUEUE_H

#include <ndis/ndl/nblchain.h>

typedef struct _NBL_QUEUE {
    NET_BUFFER_LIST *First;
    NET_BUFFER_LIST **Last;
} NBL_QUEUE, *PNBL_QUEUE;

typedef struct _NBL_COUNTED_QUEUE {
    NBL_QUEUE Queue;
    SIZE_T NblCount;
} NBL_COUNTED_QUEUE, *PNBL_COUNTED_QUEUE;

static __inline VOID NdisInitializeNblQueue(NBL_QUEUE *Queue)
{
    Queue->First = NULL;
    Queue->Last = &Queue->First;
}

static __inline BOOLEAN NdisIsNblQueueEmpty(NBL_QUEUE const *Queue)
{
    return Queue->First == NULL;
}

/* Its caller says which is the last NBL, so the chain is not walked. */
static __inline VOID NdisAppendNblChainToNblQueueFast(NBL_QUEUE *Queue, NET_BUFFER_LIST *FirstNbl, NET_BUFFER_LIST *LastNbl)
{
    *Queue->Last = FirstNbl;
    Queue->Last = &LastNbl->Next;
}

static __inline VOID NdisAppendNblChainToNblQueue(NBL_QUEUE *Queue, NET_BUFFER_LIST *NblChain)
{
    NdisAppendNblChainToNblQueueFast(Queue, NblChain, NdisLastNblInNblChain(NblChain));
}

static __inline VOID NdisAppendSingleNblToNblQueue(NBL_QUEUE *Queue, NET_BUFFER_LIST *Nbl)
{
    Nbl->Next = NULL;
    NdisAppendNblChainToNblQueueFast(Queue, Nbl, Nbl);
}

/* Empties the source. */
static __inline VOID NdisAppendNblQueueToNblQueueFast(NBL_QUEUE *Destination, NBL_QUEUE *Source)
{
    if (NdisIsNblQueueEmpty(Source)) return;
    *Destination->Last = Source->First;
    Destination->Last = Source->Last;
    NdisInitializeNblQueue(Source);
}

static __inline VOID NdisPrependNblChainToNblQueueFast(NBL_QUEUE *Queue, NET_BUFFER_LIST *FirstNbl, NET_BUFFER_LIST *LastNbl)
{
    if (NdisIsNblQueueEmpty(Queue)) Queue->Last = &LastNbl->Next;
    LastNbl->Next = Queue->First;
    Queue->First = FirstNbl;
}

static __inline VOID NdisPrependNblChainToNblQueue(NBL_QUEUE *Queue, NET_BUFFER_LIST *NblChain)
{
    NdisPrependNblChainToNblQueueFast(Queue, NblChain, NdisLastNblInNblChain(NblChain));
}

static __inline VOID NdisPrependSingleNblToNblQueue(NBL_QUEUE *Queue, NET_BUFFER_LIST *Nbl)
{
    NdisPrependNblChainToNblQueueFast(Queue, Nbl, Nbl);
}

static __inline NET_BUFFER_LIST *NdisGetNblChainFromNblQueue(NBL_QUEUE const *Queue)
{
    return Queue->First;
}

static __inline NET_BUFFER_LIST *NdisPopAllFromNblQueue(NBL_QUEUE *Queue)
{
    NET_BUFFER_LIST *chain = Queue->First;

    NdisInitializeNblQueue(Queue);
    return chain;
}

static __inline NET_BUFFER_LIST *NdisPopFirstNblFromNblQueue(NBL_QUEUE *Queue)
{
    NET_BUFFER_LIST *first = Queue->First;

    Queue->First = first->Next;
    if (Queue->First == NULL) Queue->Last = &Queue->First;
    first->Next = NULL;
    return first;
}

static __inline VOID NdisInitializeNblCountedQueue(NBL_COUNTED_QUEUE *Queue)
{
    NdisInitializeNblQueue(&Queue->Queue);
    Queue->NblCount = 0;
}

static __inline BOOLEAN NdisIsNblCountedQueueEmpty(NBL_COUNTED_QUEUE const *Queue)
{
    return NdisIsNblQueueEmpty(&Queue->Queue);
}

static __inline VOID NdisAppendNblChainToNblCountedQueueFast(NBL_COUNTED_QUEUE *Queue, NET_BUFFER_LIST *FirstNbl,
                                                             NET_BUFFER_LIST *LastNbl, SIZE_T NblCount)
{
    NdisAppendNblChainToNblQueueFast(&Queue->Queue, FirstNbl, LastNbl);
    Queue->NblCount += NblCount;
}

static __inline VOID NdisAppendNblChainToNblCountedQueue(NBL_COUNTED_QUEUE *Queue, NET_BUFFER_LIST *NblChain)
{
    SIZE_T count;
    NET_BUFFER_LIST *last = NdisLastNblInNblChainWithCount(NblChain, &count);

    NdisAppendNblChainToNblCountedQueueFast(Queue, NblChain, last, count);
}

static __inline VOID NdisAppendSingleNblToNblCountedQueue(NBL_COUNTED_QUEUE *Queue, NET_BUFFER_LIST *Nbl)
{
    NdisAppendSingleNblToNblQueue(&Queue->Queue, Nbl);
    Queue->NblCount += 1;
}

/* Empties the source. */
static __inline VOID NdisAppendNblCountedQueueToNblCountedQueueFast(NBL_COUNTED_QUEUE *Destination, NBL_COUNTED_QUEUE *Source)
{
    NdisAppendNblQueueToNblQueueFast(&Destination->Queue, &Source->Queue);
    Destination->NblCount += Source->NblCount;
    Source->NblCount = 0;
}

static __inline NET_BUFFER_LIST *NdisGetNblChainFromNblCountedQueue(NBL_COUNTED_QUEUE const *Queue)
{
    return NdisGetNblChainFromNblQueue(&Queue->Queue);
}

static __inline NET_BUFFER_LIST *NdisPopAllFromNblCountedQueue(NBL_COUNTED_QUEUE *Queue)
{
    Queue->NblCount = 0;
    return NdisPopAllFromNblQueue(&Queue->Queue);
}

static __inline NET_BUFFER_LIST *NdisPopFirstNblFromNblCountedQueue(NBL_COUNTED_QUEUE *Queue)
{
    Queue->NblCount -= 1;
    return NdisPopFirstNblFromNblQueue(&Queue->Queue);
}

#endif
