Feature: Passing receives through
  NDIS hands the filter the NBLs of the miniport in FilterReceiveNetBufferLists. With NDIS_RECEIVE_FLAGS_RESOURCES they
  are on loan for the duration of the call; without it the filter holds them until it passes them up or returns them.

  @RP-01
  Rule: Every receive without RESOURCES gets exactly one fate
    It is indicated up, returned with NdisFReturnNetBufferLists, queued (and then one of those two), or copied with the
    original returned. Sources: Receiving Data in a Filter Driver; FILTER_RECEIVE_NET_BUFFER_LISTS callback.
    Broken: a lost NBL hangs the pause of the miniport (bugcheck 0x7C with 0x25), a doubled one crashes (bugcheck 0xD1).

    Scenario: Receives from the miniport reach the protocol and go back
      Given a running filter module
      When the miniport indicates 3 receives
      Then 3 receives go back to the miniport
      And rule RP-01 is put to the test

    Scenario: The protocol returns receives inside the call
      Given a running filter module
      And the protocol returns receives inside the call
      When the miniport indicates 3 receives
      Then 3 receives go back to the miniport

    Scenario: Receives are all back when the module is paused
      Given a running filter module
      When the miniport indicates 3 receives
      And NDIS pauses the filter module
      Then 3 receives go back to the miniport
      And the filter has no receives from below in its hands
      And the filter module is Paused

    @needs-holdsReceives
    Scenario: Queued receives are neither lost nor indicated twice
      Given a running filter module
      And the filter holds 3 receives from below
      When the application asks the filter to release the receives it holds
      Then the filter has no receives from below in its hands
      And 3 receives go back to the miniport

    @C2 @needs-lateTraffic
    Scenario: Receives that come to a paused module are not kept
      Given a paused filter module
      When the miniport indicates 2 receives
      Then the filter has no receives from below in its hands
      And 2 receives go back to the miniport

    @needs-modifiesData @needs-memoryPressure
    Scenario: Receives that cannot be modified for lack of memory still go back
      Given a running filter module
      And an application asked the filter to modify the frames that pass
      And every allocation fails
      When the miniport indicates 2 receives
      Then 2 receives go back to the miniport

  @RP-02
  Rule: Receives with RESOURCES are not returned with NdisFReturnNetBufferLists
    Returning from FilterReceiveNetBufferLists is the return. This holds in every state, also where other receives would
    be returned at once. Sources: Receiving Data in a Filter Driver; FILTER_RECEIVE_NET_BUFFER_LISTS callback; Pausing a
    Filter Module.
    Broken: the miniport gets its NBL twice (bugcheck 0xD1, 0x19).

    Scenario: A running module lets receives with RESOURCES go by returning
      Given a running filter module
      When the miniport indicates 2 receives with NDIS_RECEIVE_FLAGS_RESOURCES
      Then the filter never calls NdisFReturnNetBufferLists
      And rule RP-02 is put to the test

    @needs-lateTraffic
    Scenario: A paused module lets receives with RESOURCES go by returning
      Given a paused filter module
      When the miniport indicates 2 receives with NDIS_RECEIVE_FLAGS_RESOURCES
      Then the filter never calls NdisFReturnNetBufferLists
      And rule RP-02 is put to the test

    @needs-holdsReceives
    Scenario: A module that queues receives does not queue those with RESOURCES
      Given a running filter module
      And an application asked the filter to hold receives
      When the miniport indicates 2 receives with NDIS_RECEIVE_FLAGS_RESOURCES
      And the application asks the filter to release the receives it holds
      Then the filter never calls NdisFReturnNetBufferLists
      And rule RP-02 is put to the test

  @RP-03
  Rule: Nothing of a receive with RESOURCES is touched after the handler has returned
    Neither NBL nor NET_BUFFER, MDL or data may be remembered. Who needs the data later copies it first. Sources:
    Receiving Data in a Filter Driver; FILTER_RECEIVE_NET_BUFFER_LISTS callback.
    Broken: use after free and pool corruption (bugcheck 0xD1, 0x50, 0x3B, 0x19).

    @needs-holdsReceives
    Scenario: A queueing filter releases what it holds after a loan has ended
      Given a running filter module
      And an application asked the filter to hold receives
      When the miniport indicates 2 receives
      And the miniport indicates 2 receives with NDIS_RECEIVE_FLAGS_RESOURCES
      And the application asks the filter to release the receives it holds
      Then the filter has no receives from below in its hands
      And rule RP-03 is put to the test

    Scenario: Loans and ordinary receives alternate
      Given a running filter module
      When the miniport indicates 2 receives with NDIS_RECEIVE_FLAGS_RESOURCES
      And the miniport indicates 2 receives
      Then 2 receives go back to the miniport
      And rule RP-03 is put to the test

    @needs-holdsReceives
    Scenario: The pause after a loan finds nothing to give back
      Given a running filter module
      And an application asked the filter to hold receives
      When the miniport indicates 2 receives with NDIS_RECEIVE_FLAGS_RESOURCES
      And NDIS pauses the filter module
      Then the filter never calls NdisFReturnNetBufferLists
      And the filter module is Paused

  @RP-04
  Rule: When the handler returns, a chain with RESOURCES is the chain that was delivered
    The same NBLs in the same order. A filter that took the chain apart to look at it links it together again. Sources:
    Receiving Data in a Filter Driver; FILTER_RECEIVE_NET_BUFFER_LISTS callback.
    Broken: the miniport leaks or reuses the wrong NBLs.

    Scenario: A chain with RESOURCES is whole after it was passed up
      Given a running filter module
      When the miniport indicates 3 receives with NDIS_RECEIVE_FLAGS_RESOURCES
      Then the filter has no receives from below in its hands
      And rule RP-04 is put to the test

    @needs-modifiesData
    Scenario: A chain with RESOURCES is whole after its frames were modified
      Given a running filter module
      And an application asked the filter to modify the frames that pass
      When the miniport indicates 3 receives with NDIS_RECEIVE_FLAGS_RESOURCES
      Then the filter has no receives from below in its hands
      And rule RP-04 is put to the test

    @needs-holdsReceives
    Scenario: A chain with RESOURCES is whole although the filter queues receives
      Given a running filter module
      And an application asked the filter to hold receives
      When the miniport indicates 3 receives with NDIS_RECEIVE_FLAGS_RESOURCES
      Then the filter has no receives from below in its hands
      And rule RP-04 is put to the test

  @RP-05 @needs-holdCompletions
  Rule: A receive with RESOURCES is passed up with RESOURCES
    The filter must have every NBL back when its handler returns. Keeping the flag on the call upward is the way, since
    waiting is not allowed at DISPATCH_LEVEL. A filter may add the flag to NBLs that came without it; it then still owes
    their return. Sources: Receiving Data in a Filter Driver; NdisFIndicateReceiveNetBufferLists.
    Broken: the protocol keeps what the miniport already reuses (bugcheck 0xD1, 0x19).

    Scenario: The protocol cannot keep what the miniport has only lent
      Given a running filter module
      And the protocol keeps the receives it gets
      When the miniport indicates 3 receives with NDIS_RECEIVE_FLAGS_RESOURCES
      Then the protocol has no receives
      And rule RP-05 is put to the test

    Scenario: The protocol may keep what came without RESOURCES
      Given a running filter module
      And the protocol holds 2 receives from below
      When the protocol returns all of them
      Then 2 receives go back to the miniport

    @needs-stackedFilters
    Scenario: A loan passes two modules of the driver
      Given adapter "A" carries two modules of the filter driver
      And a running filter module
      And the protocol keeps the receives it gets
      When the miniport indicates 2 receives with NDIS_RECEIVE_FLAGS_RESOURCES
      Then the protocol has no receives
      And rule RP-05 is put to the test

  @RP-06 @needs-modifiesData
  Rule: What the filter changed in a receive on its way up it undoes before the receive goes back
    In FilterReturnNetBufferLists, or before the handler returns when the NBL came with RESOURCES. Sources: Receiving
    Data in a Filter Driver; FILTER_RETURN_NET_BUFFER_LISTS callback.
    Broken: the miniport's accounts of its buffers are wrong, memory is corrupted.

    Scenario: A modified receive is itself again when the miniport gets it back
      Given a running filter module
      And an application asked the filter to modify the frames that pass
      When the miniport indicates 2 receives
      Then 2 receives go back to the miniport
      And rule RP-06 is put to the test

    Scenario: A modified loan is itself again when the handler returns
      Given a running filter module
      And an application asked the filter to modify the frames that pass
      When the miniport indicates 2 receives with NDIS_RECEIVE_FLAGS_RESOURCES
      Then the filter has no receives from below in its hands
      And rule RP-06 is put to the test

    @needs-holdCompletions
    Scenario: Modified receives are themselves again when they come back in the reverse order
      Given a running filter module
      And an application asked the filter to modify the frames that pass
      And the protocol holds 3 receives from below
      When the protocol returns all of them one by one, newest first
      Then 3 receives go back to the miniport
      And rule RP-06 is put to the test
