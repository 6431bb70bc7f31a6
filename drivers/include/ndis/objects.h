/* Revisions and sizes of objects are with their structures; here is what ntddndis.h of mingw-w64 lacks. */
#ifndef NDIS_LWF_OBJECTS_H
#define NDIS_LWF_OBJECTS_H

#ifndef NDIS_OBJECT_TYPE_NET_PNP_EVENT_NOTIFICATION
#define NDIS_OBJECT_TYPE_NET_PNP_EVENT_NOTIFICATION NDIS_OBJECT_TYPE_DEFAULT
#endif

/* A general purpose of the header: Type, Revision and Size in one line. */
#define NDIS_SET_OBJECT_HEADER(header, type, revision, size)                                                                     \
    do {                                                                                                                         \
        (header)->Type = (type);                                                                                                 \
        (header)->Revision = (revision);                                                                                         \
        (header)->Size = (USHORT)(size);                                                                                         \
    } while (0)

#endif
