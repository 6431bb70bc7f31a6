/* Ethernet addresses. */
#ifndef NDIS_LWF_ETHERNET_H
#define NDIS_LWF_ETHERNET_H

#define ETH_LENGTH_OF_ADDRESS 6

#define ETH_IS_BROADCAST(address) ((*(ULONG UNALIGNED const *)(address) == 0xFFFFFFFF) && (((USHORT UNALIGNED const *)(address))[2] == 0xFFFF))
#define ETH_IS_MULTICAST(address) (BOOLEAN)(((PUCHAR)(address))[0] & 1)
#define ETH_IS_LOCALLY_ADMINISTERED(address) (BOOLEAN)((((PUCHAR)(address))[0] & 2) != 0)
#define ETH_COPY_NETWORK_ADDRESS(to, from) RtlCopyMemory((to), (from), ETH_LENGTH_OF_ADDRESS)

/* The result is 0 for equal addresses. */
#define ETH_COMPARE_NETWORK_ADDRESSES_EQ(one, other, result)                                                                     \
    (*(result) = RtlEqualMemory((one), (other), ETH_LENGTH_OF_ADDRESS) ? 0 : 1)
#define ETH_COMPARE_NETWORK_ADDRESSES(one, other, result) (*(result) = __builtin_memcmp((one), (other), ETH_LENGTH_OF_ADDRESS))

#endif
