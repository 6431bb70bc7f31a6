/*
 * wdmsec.h of mingw-w64, with a body for what the Windows Driver Kit links from wdmsec.lib: the device is made, and who may open it is
 * nothing that a filter's rules speak of.
 */
#ifndef NDIS_LWF_WDMSEC_H
#define NDIS_LWF_WDMSEC_H

#include_next <wdmsec.h>

#undef IoCreateDeviceSecure
static inline NTSTATUS IoCreateDeviceSecure(PDRIVER_OBJECT DriverObject, ULONG DeviceExtensionSize, PUNICODE_STRING DeviceName,
                                            DEVICE_TYPE DeviceType, ULONG DeviceCharacteristics, BOOLEAN Exclusive,
                                            const UNICODE_STRING *DefaultSDDLString, const GUID *DeviceClassGuid,
                                            PDEVICE_OBJECT *DeviceObject)
{
    (void)DefaultSDDLString;
    (void)DeviceClassGuid;
    return IoCreateDevice(DriverObject, DeviceExtensionSize, DeviceName, DeviceType, DeviceCharacteristics, Exclusive, DeviceObject);
}

#endif
