#include "reference-original.h"

typedef struct _ONCE_MODULE {
    FILTER_MODULE Module;
    BOOLEAN Opened;
} ONCE_MODULE, *PONCE_MODULE;

UINT ModuleSize(VOID)
{
    return sizeof(ONCE_MODULE);
}

VOID OpenGate(PFILTER_MODULE Module)
{
    PONCE_MODULE once = (PONCE_MODULE)Module;

    if (once->Opened) return;
    once->Opened = TRUE;
    OriginalOpenGate(Module);
}
