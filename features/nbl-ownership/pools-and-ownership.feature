Feature: NBL pools and ownership
  An NBL has one owner at a time. The one who allocated it frees it, everyone else gives it back the way it was.

  @NBL-01
  Rule: An originated NBL comes from an NDIS pool and goes back to it
    Never from the stack or from memory of the driver's own. It is freed by the driver that allocated it, with the
    function that belongs to the allocation. Sources: NdisAllocateNetBufferList; NdisAllocateNetBufferPool;
    NdisFreeNetBufferList.
    Broken: NDIS and the miniport find none of what they keep beside an NBL (bugcheck 0x19, 0xC2, 0xD1).

    @needs-originatesSends
    Scenario: A frame of an application is sent in an NBL of a pool
      Given a running filter module
      When an application writes 2 frames to its handle
      Then the write succeeds
      And the filter originates 2 sends
      And rule NBL-01 is put to the test

    @needs-originatesReceives
    Scenario: A receive for an application is indicated in an NBL of a pool
      Given a running filter module
      When an application asks the filter to indicate 2 receives
      Then the request succeeds
      And rule NBL-01 is put to the test

    @needs-originatesSends
    Scenario: Originated NBLs are back in their pool when the module has gone
      Given a running filter module
      When an application writes 3 frames in one chain to its handle
      And the user disables adapter "A"
      Then the disabling succeeds
      And the filter module is not attached
      And rule NBL-01 is put to the test

    @needs-originatesSends @needs-memoryPressure
    Scenario: No NBL is to be had
      Given a running filter module
      And an application has a handle on the filter
      And every allocation fails
      When the application writes a frame to its handle
      And NDIS pauses the filter module
      Then the filter module is Paused
      And the system keeps running

    @needs-originatesSends @needs-memoryPressure
    Scenario: One NBL is not to be had, the next ones are
      Given a running filter module
      And an application has a handle on the filter
      And the next NBL allocation fails
      When the application writes 3 frames in one chain to its handle
      And NDIS pauses the filter module
      Then the filter module is Paused

  @NBL-02 @needs-originatesSends
  Rule: What a pool is asked for goes together
    The context of an NBL is a multiple of MEMORY_ALLOCATION_ALIGNMENT, and there are data only where there are net buffers
    for them. Sources: NdisAllocateNetBufferListPool; NET_BUFFER_LIST_POOL_PARAMETERS.
    Broken: there is no pool, or contexts lie at odd addresses.

    Scenario: The pool for the frames of an application
      Given a running filter module
      When an application writes 2 frames to its handle
      Then rule NBL-02 is put to the test

  @NBL-05 @needs-modifiesData
  Rule: Context space that the filter put on an NBL is off it before the NBL goes home
    Released with NdisFreeNetBufferListContext in the same size, last one first. What was given at the allocation of the
    NBL stays. Sources: NdisAllocateNetBufferListContext; NdisFreeNetBufferListContext.
    Broken: the originator finds the wrong context (bugcheck 0x3B, 0xD1), memory leaks.

    Scenario: Context put on sends is off them when they go up
      Given a running filter module
      And an application asked the filter to modify the frames that pass
      When the protocol sends 3 frames
      Then 3 sends come back with NDIS_STATUS_SUCCESS
      And rule NBL-05 is put to the test

    Scenario: Context put on receives is off them when they go down
      Given a running filter module
      And an application asked the filter to modify the frames that pass
      When the miniport indicates 3 receives
      Then 3 receives go back to the miniport
      And rule NBL-05 is put to the test

    @needs-memoryPressure
    Scenario: No context space is to be had
      Given a running filter module
      And an application asked the filter to modify the frames that pass
      And the next memory allocation fails
      When the protocol sends 2 frames
      Then 2 sends come back

  @NBL-07 @needs-modifiesData
  Rule: Every retreat is undone by an advance of the same size, and a retreat that fails is dealt with
    For each NET_BUFFER of an NBL of others, before it goes home. Follows from the rule that changes are undone.
    Sources: NdisRetreatNetBufferDataStart; NdisAdvanceNetBufferDataStart.
    Broken: MDLs leak, pool memory is corrupted (bugcheck 0x19).

    Scenario: Every NET_BUFFER of a send is advanced again
      Given a running filter module
      And an application asked the filter to modify the frames that pass
      When the protocol sends 2 frames of 3 net buffers each
      Then 2 sends come back with NDIS_STATUS_SUCCESS
      And rule NBL-07 is put to the test

    Scenario: Every NET_BUFFER of a receive is advanced again
      Given a running filter module
      And an application asked the filter to modify the frames that pass
      When the miniport indicates 2 receives
      Then 2 receives go back to the miniport
      And rule NBL-07 is put to the test

    @needs-memoryPressure
    Scenario: The retreat of the second NET_BUFFER fails
      Given a running filter module
      And an application asked the filter to modify the frames that pass
      And the next 2 memory allocations fail
      When the protocol sends 2 frames of 3 net buffers each
      Then 2 sends come back

  @NBL-08 @needs-modifiesData
  Rule: The reserved fields of an NBL belong to others
    ProtocolReserved is the protocol's, MiniportReserved the miniport's. What a filter must remember with an NBL goes
    into its context; Scratch is lost as soon as the NBL is handed on. Sources: NET_BUFFER_LIST;
    NET_BUFFER_LIST_CONTEXT.
    Broken: the protocol or the miniport works with data that is not its own.

    Scenario: The protocol's mark on a send is there when it comes back
      Given a running filter module
      And an application asked the filter to modify the frames that pass
      When the protocol sends 2 frames
      Then 2 sends come back with NDIS_STATUS_SUCCESS
      And rule NBL-08 is put to the test
