/*
 * The interface of fnmp and fnlwf, the functional miniport and lightweight filter of win-net-test (https://github.com/microsoft/win-net-test,
 * MIT, Copyright (c) Microsoft Corporation), written down again from its public headers: names of devices, control codes, layouts.
 * The drivers take more than they know and look at no more: 1.7.0 has 56 bytes for a frame, its forerunners 48. What is not used is zero.
 */
#pragma once
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#include <winternl.h>
#include <winioctl.h>

#define FNMP_DEVICE L"\\Device\\FNMP"
#define FNLWF_DEVICE L"\\Device\\fnlwf"
#define FNMP_PACKET "FnMpOpenPacket0"
#define FNLWF_PACKET "FnLwfOpenPacket0"
#define FN_API_VERSION 1

typedef enum { FnmpShared, FnmpExclusive } FNMP_FILE_TYPE;
typedef enum { FnlwfDefault } FNLWF_FILE_TYPE;

#define FN_CODE(number) CTL_CODE(FILE_DEVICE_NETWORK, (number), METHOD_BUFFERED, FILE_WRITE_ACCESS)

#define FNMP_RX_ENQUEUE FN_CODE(0)
#define FNMP_RX_FLUSH FN_CODE(1)
#define FNMP_TX_FILTER FN_CODE(4)
#define FNMP_TX_GET_FRAME FN_CODE(5)
#define FNMP_TX_DEQUEUE_FRAME FN_CODE(6)
#define FNMP_TX_FLUSH FN_CODE(7)
#define FNMP_OID_FILTER FN_CODE(10)
#define FNMP_OID_GET_REQUEST FN_CODE(11)
#define FNMP_OID_COMPLETE_REQUEST FN_CODE(12)

#define FNLWF_RX_FILTER FN_CODE(1)
#define FNLWF_RX_GET_FRAME FN_CODE(2)
#define FNLWF_RX_DEQUEUE_FRAME FN_CODE(3)
#define FNLWF_RX_FLUSH FN_CODE(4)
#define FNLWF_TX_ENQUEUE FN_CODE(5)
#define FNLWF_TX_FLUSH FN_CODE(6)
#define FNLWF_OID_SUBMIT_REQUEST FN_CODE(7)
#define FNLWF_DATAPATH_GET_STATE FN_CODE(10)

/* Of kernel headers only. What NtCreateFile takes: this, the name with its NUL, the packet, the index of the interface. */
typedef struct {
    ULONG NextEntryOffset;
    UCHAR Flags;
    UCHAR EaNameLength;
    USHORT EaValueLength;
    CHAR EaName[1];
} FN_EA_HEADER;

typedef struct {
    UINT32 ApiVersion;
    UINT32 ObjectType;
} FN_OPEN_PACKET;

#define FN_EA_LENGTH(packet) (sizeof(FN_EA_HEADER) + sizeof(packet) + sizeof(FN_OPEN_PACKET))

typedef struct {
    CONST UCHAR *VirtualAddress;
    UINT32 DataOffset;
    UINT32 DataLength;
    UINT32 BufferLength;
} FN_BUFFER;

/* Buffers, and in them VirtualAddress, are offsets from the frame in what GET_FRAME answers. */
typedef struct {
    FN_BUFFER *Buffers;
    UINT16 BufferCount;
    union {
        struct {
            UINT32 RssHashQueueId;
            PVOID Checksum;
            PVOID Rsc;
        } Input;
        struct {
            PROCESSOR_NUMBER ProcessorNumber;
            UINT32 RssHash;
            PVOID Checksum;
            PVOID Lso;
            PVOID Uso;
            PVOID Later;
        } Output;
    };
} FN_FRAME;

#define FN_FLUSH_DPC_LEVEL 1u
#define FN_FLUSH_LOW_RESOURCES 2u

typedef struct {
    UINT32 Flags;
    UINT32 RssCpuQueueId;
} FN_FLUSH;

typedef struct {
    CONST UCHAR *Pattern;
    CONST UCHAR *Mask;
    UINT32 Length;
} FN_FILTER;

typedef struct {
    UINT32 Index;
    UINT32 SubIndex;
} FN_GET_FRAME;

typedef struct {
    UINT32 Index;
} FN_DEQUEUE_FRAME;

/* NdisRequestQueryInformation, NdisRequestSetInformation; the interface that NDIS serializes. */
#define FN_OID_QUERY 0u
#define FN_OID_SET 1u
#define FN_OID_REGULAR 0u

typedef struct {
    UINT32 Oid;
    UINT32 RequestType;
    UINT32 RequestInterface;
} FN_OID_KEY;

typedef struct {
    FN_OID_KEY Key;
    INT32 Status;
    UINT32 InformationBufferLength;
    CONST VOID *InformationBuffer;
} FN_OID_COMPLETE;

typedef struct {
    FN_OID_KEY Key;
    VOID *InformationBuffer;
    UINT32 InformationBufferLength;
} FN_OID_SUBMIT;

C_ASSERT(FNMP_RX_ENQUEUE == 0x128000 && FNMP_RX_FLUSH == 0x128004 && FNMP_TX_FILTER == 0x128010);
C_ASSERT(FNMP_TX_GET_FRAME == 0x128014 && FNMP_TX_DEQUEUE_FRAME == 0x128018 && FNMP_TX_FLUSH == 0x12801C);
C_ASSERT(FNMP_OID_FILTER == 0x128028 && FNMP_OID_COMPLETE_REQUEST == 0x128030);
C_ASSERT(FNLWF_RX_FILTER == 0x128004 && FNLWF_TX_ENQUEUE == 0x128014 && FNLWF_DATAPATH_GET_STATE == 0x128028);
C_ASSERT(sizeof(FN_EA_HEADER) == 12 && FN_EA_LENGTH(FNMP_PACKET) == 36 && FN_EA_LENGTH(FNLWF_PACKET) == 37);
C_ASSERT(FIELD_OFFSET(FN_EA_HEADER, EaName) == 8);
C_ASSERT(sizeof(FN_BUFFER) == 24 && sizeof(FN_FRAME) == 56 && FIELD_OFFSET(FN_FRAME, Input) == 16);
C_ASSERT(FIELD_OFFSET(FN_FRAME, Output.RssHash) == 20 && FIELD_OFFSET(FN_FRAME, Output.Checksum) == 24);
C_ASSERT(sizeof(FN_FLUSH) == 8 && sizeof(FN_FILTER) == 24 && sizeof(FN_GET_FRAME) == 8 && sizeof(FN_DEQUEUE_FRAME) == 4);
C_ASSERT(sizeof(FN_OID_KEY) == 12 && sizeof(FN_OID_COMPLETE) == 32 && sizeof(FN_OID_SUBMIT) == 32);
