/* ntintsafe.h of mingw-w64, and the names with UInt32 and Int32 that it lacks. */
#ifndef NDIS_LWF_NTINTSAFE_H
#define NDIS_LWF_NTINTSAFE_H

#include_next <ntintsafe.h>

#ifndef RtlUInt32Add
#define RtlUInt32Add RtlUIntAdd
#define RtlUInt32Sub RtlUIntSub
#define RtlUInt32Mult RtlUIntMult
#define RtlUInt16Add RtlUShortAdd
#define RtlUInt16Sub RtlUShortSub
#define RtlUInt16Mult RtlUShortMult
#define RtlUInt64Add RtlULongLongAdd
#define RtlUInt64Sub RtlULongLongSub
#define RtlUInt64Mult RtlULongLongMult
#define RtlInt32Add RtlIntAdd
#define RtlInt32Sub RtlIntSub
#define RtlInt32Mult RtlIntMult
#define RtlUInt32ToUInt16 RtlUIntToUShort
#define RtlUInt32ToUInt8 RtlUIntToUInt8
#define RtlSizeTToUInt32 RtlSizeTToUInt
#define RtlULongToUInt16 RtlULongToUShort
#endif

#endif
