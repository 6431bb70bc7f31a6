Feature: Passing sends through
  NDIS hands the filter the NBLs of the protocols and filters above in FilterSendNetBufferLists. The filter holds them
  until it gives them away: down to the miniport, or back up as completed.

  @SP-01
  Rule: Every NBL from above gets exactly one fate
    It is passed down, completed, queued (and then one of those two), or copied with the original completed. Neither is
    it lost, nor does it get two of these. Sources: Sending Data from a Filter Driver; FILTER_SEND_NET_BUFFER_LISTS
    callback.
    Broken: a lost NBL hangs the pause of the protocol (bugcheck 0x7C with 0x25), a doubled one crashes (bugcheck 0xD1).

    Scenario: Frames from the protocol reach the miniport and come back
      Given a running filter module
      When the protocol sends 3 frames
      Then 3 sends come back with NDIS_STATUS_SUCCESS
      And rule SP-01 is put to the test

    Scenario: The miniport completes frames from above inside the call
      Given a running filter module
      And the miniport completes sends inside the call
      When the protocol sends 3 frames
      Then 3 sends come back with NDIS_STATUS_SUCCESS

    @needs-holdsSends
    Scenario: Queued frames are neither lost nor sent twice
      Given a running filter module
      And the filter holds 3 sends from above
      When the application asks the filter to release the sends it holds
      Then the filter has no sends from above in its hands
      And 3 sends come back

    @needs-lateTraffic @needs-scheduleControl
    Scenario: A chain that comes just before the pause is back after it
      Given a running filter module
      And the driver will stop before FilterPause is entered
      When NDIS pauses the filter module
      And the protocol sends 3 frames
      And the stopped thread goes on
      Then 3 sends come back
      And the filter has no sends from above in its hands
      And the filter module is Paused

    @needs-lateTraffic
    Scenario: A late frame from the protocol comes back once
      Given a paused filter module
      When the protocol sends 2 frames
      Then 2 sends come back
      And the filter has no sends from above in its hands

    @needs-modifiesData @needs-memoryPressure
    Scenario: A frame that cannot be modified for lack of memory still comes back
      Given a running filter module
      And an application asked the filter to modify the frames that pass
      And every allocation fails
      When the protocol sends 2 frames
      Then 2 sends come back

    @needs-originatesSends
    Scenario: Frames from above keep coming back while the filter originates its own
      Given a running filter module
      And an application has a handle on the filter
      When the application writes 2 frames to its handle
      And the protocol sends 2 frames
      And the application writes 2 frames to its handle
      Then 2 sends come back with NDIS_STATUS_SUCCESS
      And the filter originates 4 sends

  @SP-02
  Rule: The SourceHandle of an NBL that the filter did not originate stays as it is
    SourceHandle is the address of the originator. A filter that writes its own handle into it takes the NBL away from
    whom it belongs to. The same holds for receives. Sources: Sending Data from a Filter Driver;
    NdisFSendNetBufferLists; NdisFIndicateReceiveNetBufferLists.
    Broken: the NBL is completed to the wrong driver: leak above, crash in the filter.

    Scenario: The protocol gets back the frames that it sent through the filter
      Given a running filter module
      When the protocol sends 2 frames
      Then 2 sends come back
      And rule SP-02 is put to the test

    @needs-stackedFilters
    Scenario: Frames pass two modules of the driver and a neighbour filter on their way
      Given adapter "A" has a neighbour filter above the filter module
      And a running filter module
      And another module of the filter driver is inserted above the filter module
      When the protocol sends 2 frames
      Then 2 sends come back with NDIS_STATUS_SUCCESS

    Scenario: The miniport gets back the receives that it indicated through the filter
      Given a running filter module
      When the miniport indicates 2 receives
      Then 2 receives go back to the miniport
      And rule SP-02 is put to the test

  @SP-03 @needs-modifiesData
  Rule: What the filter changed in a send on its way down it undoes before the send goes up
    Descriptors, data offset, MDL chain, context and out-of-band data are again as they were delivered when the NBL is
    completed. Only the order of NBLs in a chain and scratch fields may differ. Sources: Sending Data from a Filter
    Driver; NdisFSendNetBufferLists.
    Broken: the originator reads or frees the wrong memory (bugcheck 0x19, 0xD1).

    Scenario: A modified frame is itself again when the protocol gets it back
      Given a running filter module
      And an application asked the filter to modify the frames that pass
      When the protocol sends 2 frames
      Then 2 sends come back with NDIS_STATUS_SUCCESS
      And rule SP-03 is put to the test

    @needs-holdCompletions
    Scenario: A modified frame is itself again when the miniport failed it
      Given a running filter module
      And an application asked the filter to modify the frames that pass
      And the miniport keeps the sends it gets
      When the protocol sends 2 frames
      Then the miniport has 2 sends
      When the miniport completes all of them one by one, newest first
      Then 2 sends come back

    @needs-memoryPressure
    Scenario: The memory for the second modification of a chain is missing
      Given a running filter module
      And an application asked the filter to modify the frames that pass
      And the next memory allocation fails
      When the protocol sends 3 frames
      Then 3 sends come back

  @SP-04
  Rule: The list of NET_BUFFERs in the NBL of another driver is not changed
    A filter may split, merge and reorder chains of NBLs. The NET_BUFFERs inside an NBL it did not originate stay where
    they are, in their order. Sources: NET_BUFFER_LIST; NdisFSendNetBufferListsComplete.
    Broken: the originator walks a list that is not its own (bugcheck 0xD1 or 0x3B).

    Scenario: NBLs of several NET_BUFFERs each pass through whole
      Given a running filter module
      When the protocol sends 2 frames of 3 net buffers each
      Then 2 sends come back with NDIS_STATUS_SUCCESS
      And rule SP-04 is put to the test

    @needs-modifiesData
    Scenario: NBLs of several NET_BUFFERs each pass through whole while the filter modifies frames
      Given a running filter module
      And an application asked the filter to modify the frames that pass
      When the protocol sends 2 frames of 3 net buffers each
      Then 2 sends come back with NDIS_STATUS_SUCCESS
      And rule SP-04 is put to the test

  @SP-05
  Rule: A send that was passed down is not touched until it comes back
    After NdisFSendNetBufferLists the NBL is with the drivers below, who may complete it inside the call. Even its Next
    pointer is no longer the filter's to read. Sources: Sending Data from a Filter Driver; NdisFSendNetBufferLists.
    Broken: use after free (bugcheck 0xD1, 0x50, 0x3B).

    Scenario: A chain from above is complete before the filter's own call returns
      Given a running filter module
      And the miniport completes sends inside the call
      When the protocol sends 3 frames of 2 net buffers each
      Then 3 sends come back
      And rule SP-05 is put to the test

    @needs-holdsSends
    Scenario: Released frames are complete before the next one is released
      Given a running filter module
      And the miniport completes sends inside the call
      And the filter holds 3 sends from above
      When the application asks the filter to release the sends it holds
      Then 3 sends come back
      And rule SP-05 is put to the test

  @SP-10
  Rule: The data handlers do not wait
    NDIS may enter FilterSendNetBufferLists and FilterReceiveNetBufferLists at DISPATCH_LEVEL, where waiting is
    forbidden. No page says so in one sentence; it follows from the IRQL of these handlers. Sources:
    FILTER_SEND_NET_BUFFER_LISTS and FILTER_RECEIVE_NET_BUFFER_LISTS callbacks; bug check 0x7C.
    Broken: bugcheck 0x7C (WAIT_EVENT_HIGH_IRQL), 0x133 (DPC watchdog).

    Scenario: Frames come at DISPATCH_LEVEL
      Given a running filter module
      When the protocol sends 2 frames at DISPATCH_LEVEL
      Then 2 sends come back with NDIS_STATUS_SUCCESS
      And rule SP-10 is put to the test

    Scenario: Receives come at DISPATCH_LEVEL
      Given a running filter module
      When the miniport indicates 2 receives
      Then 2 receives go back to the miniport
      And rule SP-10 is put to the test

  @SP-11 @needs-holdsSends @needs-virtualTime
  Rule: A filter that queues sends lets them go in bounded time, and does not wait for FilterPause to do it
    The protocol is paused before the filter, and waits for its sends. If the filter keeps them until it is paused
    itself, each waits for the other. No page says so; it follows from the order of a stack pause. Sources: Pausing a
    Driver Stack; Pausing a Binding; NdisFilterTimedDataSend.
    Broken: disabling the adapter hangs in the layer above (bugcheck 0x7C with 0x25 and 0x01).

    Scenario: The adapter is disabled while the filter has sends of the protocol queued
      Given a running filter module
      And the filter holds 2 sends from above
      When the user disables adapter "A"
      And 30 seconds pass
      Then 2 sends come back
      And the disabling succeeds

    Scenario: The application that asked for queueing has gone
      Given a running filter module
      And the filter holds 2 sends from above
      When the application closes its handle
      And NDIS pauses the filter module
      And 30 seconds pass
      Then 2 sends come back
      And the filter module is Paused
