/* Nothing keeps data out of a module that is not Running. */
#ifndef NPCAP_2016_NO_GATE_H
#define NPCAP_2016_NO_GATE_H

#include "open.h"

BOOLEAN EnterGate(PFILTER_MODULE Module)
{
    UNREFERENCED_PARAMETER(Module);
    return TRUE;
}

VOID LeaveGate(PFILTER_MODULE Module)
{
    UNREFERENCED_PARAMETER(Module);
}

VOID CloseGate(PFILTER_MODULE Module)
{
    UNREFERENCED_PARAMETER(Module);
}

VOID OpenGate(PFILTER_MODULE Module)
{
    UNREFERENCED_PARAMETER(Module);
}

#endif
