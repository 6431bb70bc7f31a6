Feature: What a filter holds when it is paused
  A filter that queues NBLs of others gives every one of them back before its pause completes: the drivers above and below wait
  for them.

  @PAU-09
  Rule: Held sends are completed before the pause completes
    With NdisFSendNetBufferListsComplete, as a rule with NDIS_STATUS_PAUSED.
    Sources: FILTER_PAUSE callback; Pausing a Filter Module; NdisFilterTimedDataSend rule.
    Broken: the protocol above never gets its NBL back, and its unbind hangs (0x7C, 0x25/0x04) or leaks (0x7C, 0x27).

    @needs-holdsSends @needs-lateTraffic @needs-scheduleControl
    Scenario: Sends that were queued just before the pause go back
      A send on another processor may reach the filter when FilterPause is about to be called.

      Given a running filter module
      And an application asked the filter to hold sends
      And the driver will stop before FilterPause is entered
      When NDIS pauses the filter module
      And the protocol sends 3 frames
      Then the filter has 3 sends from above in its hands
      When the stopped thread goes on
      Then 3 sends come back
      And the filter has no sends from above in its hands
      And the filter module is Paused

    @needs-holdsSends @needs-lateTraffic @needs-scheduleControl @needs-originatesSends @needs-holdCompletions
    Scenario: Queued sends go back although own sends keep the pause pending
      Given a running filter module
      And an application asked the filter to hold sends
      And the miniport holds 1 send that the filter originated
      And the driver will stop before FilterPause is entered
      When NDIS pauses the filter module
      And the protocol sends 2 frames
      And the stopped thread goes on
      Then 2 sends come back
      And the pause is pending
      When the miniport completes all of them
      Then the filter module is Paused

    @needs-holdsSends
    Scenario: Sends that are still queued keep the protocol from pausing
      The layer above is paused first and waits for its sends, so a queueing filter lets them go in time by itself.

      Given a running filter module
      And the filter holds 2 sends from above
      When NDIS pauses the filter module
      And the application asks the filter to release the sends it holds
      Then 2 sends come back with NDIS_STATUS_SUCCESS
      And the filter module is Paused

  @PAU-10
  Rule: Held receives are returned before the pause completes
    With NdisFReturnNetBufferLists; low-resources receives cannot be held at all.
    Sources: FILTER_PAUSE callback; Pausing a Filter Module; NdisFilterTimedDataReceive rule.
    Broken: the miniport waits for its receives for ever (0x7C or 0x15E, 0x25/0x21).

    @needs-holdsReceives
    Scenario: Queued receives go back to the miniport
      Given a running filter module
      And the filter holds 3 receives from below
      When NDIS pauses the filter module
      Then 3 receives go back to the miniport
      And the filter has no receives from below in its hands
      And the filter module is Paused
      And rule PAU-10 is put to the test

    @needs-holdsReceives @needs-originatesSends @needs-holdCompletions
    Scenario: Queued receives go back although own sends keep the pause pending
      Given a running filter module
      And the filter holds 2 receives from below
      And the miniport holds 1 send that the filter originated
      When NDIS pauses the filter module
      Then the pause is pending
      When the miniport completes all of them
      Then 2 receives go back to the miniport
      And the filter module is Paused
      And rule PAU-10 is put to the test

    @needs-holdsReceives
    Scenario: The user disables the adapter of a filter that holds receives
      Given a running filter module
      And the filter holds 2 receives from below
      When the user disables adapter "A"
      Then the disabling succeeds
      And 2 receives go back to the miniport
      And rule PAU-10 is put to the test

    @needs-holdsReceives
    Scenario: What was released before the pause is not given back twice
      Given a running filter module
      And the filter holds 2 receives from below
      When the application asks the filter to release the receives it holds
      And NDIS pauses the filter module
      Then 2 receives go back to the miniport
      And no rule is broken
