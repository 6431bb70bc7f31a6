Feature: Traffic that arrives at a filter that is not running
  NDIS pauses the layers above first, so sends should not come any more. They do: from a filter above that empties its queue,
  from another processor. The miniport below is paused last, so receives come for certain.

  @PAU-13 @C8
  Rule: Sends that arrive in Pausing or Paused are refused at once with NDIS_STATUS_PAUSED
    Not passed down, not queued: NDIS_STATUS_PAUSED in every NBL, then NdisFSendNetBufferListsComplete. A published sample
    refuses in debug builds only; the specification follows the documentation.
    Sources: FILTER_PAUSE callback; FILTER_SEND_NET_BUFFER_LISTS callback; NET_BUFFER_LIST.
    Broken: data goes into a stack that is being changed, or the protocol waits for it.

    @needs-lateTraffic
    Scenario: A send arrives at a paused filter
      Given a paused filter module
      And the filter has a handler FilterSendNetBufferLists
      When the protocol sends 3 frames
      Then 3 sends come back with NDIS_STATUS_PAUSED
      And the filter passes no sends down

    @needs-lateTraffic @needs-originatesSends @needs-holdCompletions
    Scenario: A send arrives at a pausing filter
      Given a pausing filter module
      And the filter has a handler FilterSendNetBufferLists
      When the protocol sends 3 frames
      Then 3 sends come back with NDIS_STATUS_PAUSED
      And the filter passes no sends down
      And the pause is pending

    @needs-lateTraffic @needs-holdsSends
    Scenario: A filter that holds sends refuses them while it is paused
      Given a running filter module
      And an application asked the filter to hold sends
      When NDIS pauses the filter module
      And the protocol sends 2 frames
      Then 2 sends come back with NDIS_STATUS_PAUSED
      And the filter has no sends from above in its hands

    @needs-lateTraffic
    Scenario: A send that arrives while the filter is running is passed on
      Given a running filter module
      When the protocol sends 3 frames
      Then 3 sends come back with NDIS_STATUS_SUCCESS

    @needs-lateTraffic @needs-scheduleControl
    Scenario: A send is on its way through the filter when the pause begins
      Given a running filter module
      And the driver will stop before it calls NdisFSendNetBufferLists inside FilterSendNetBufferLists
      When the protocol sends 2 frames
      Then a thread of the driver stands still
      When NDIS pauses the filter module
      And the stopped thread goes on
      Then 2 sends come back
      And the filter module is Paused
      And no rule is broken

    @needs-lateTraffic
    Scenario: The refusal ends with the restart
      Given a paused filter module
      When NDIS restarts the filter module
      And the protocol sends 3 frames
      Then 3 sends come back with NDIS_STATUS_SUCCESS

  @PAU-14 @C2
  Rule: Receives that arrive in Pausing or Paused are not held
    One page wants them returned at once, two others allow passing them up. Either is right; keeping the original is wrong in
    both readings.
    Sources: Pausing a Filter Module; FILTER_PAUSE callback; FILTER_RECEIVE_NET_BUFFER_LISTS callback.
    Broken: the pause of the miniport waits for its receives.

    @needs-lateTraffic
    Scenario: Receives arrive at a paused filter
      Given a paused filter module
      When the miniport indicates 3 receives
      Then 3 receives go back to the miniport
      And the filter has no receives from below in its hands

    @needs-originatesSends @needs-holdCompletions
    Scenario: Receives arrive at a pausing filter
      Given a pausing filter module
      When the miniport indicates 3 receives
      Then 3 receives go back to the miniport
      And the filter has no receives from below in its hands

    @needs-lateTraffic
    Scenario: Low-resources receives arrive at a paused filter
      Given a paused filter module
      When the miniport indicates 3 receives with NDIS_RECEIVE_FLAGS_RESOURCES
      Then the filter never calls NdisFReturnNetBufferLists
      And no rule is broken

    @needs-holdsReceives @needs-lateTraffic
    Scenario: A filter that holds receives lets them go while it is paused
      Given a running filter module
      And an application asked the filter to hold receives
      When NDIS pauses the filter module
      And the miniport indicates 2 receives
      Then 2 receives go back to the miniport
      And the filter has no receives from below in its hands

    @needs-holdsReceives @needs-originatesSends @needs-holdCompletions
    Scenario: A filter that holds receives lets them go while it is pausing
      Given a running filter module
      And an application asked the filter to hold receives
      And the miniport holds 1 send that the filter originated
      When NDIS pauses the filter module
      And the miniport indicates 2 receives
      Then the filter has no receives from below in its hands
      And the pause is pending
