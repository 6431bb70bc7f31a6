Feature: Completions go on during a pause
  The pause waits for completions, so whatever the pause does must leave them a way through.

  @PAU-15
  Rule: Completions, returns and cancels are processed while the pause is pending
    They need no lock, thread or IRQL that the waiting FilterPause keeps.
    Sources: FILTER_PAUSE callback; Pausing a Filter Module.
    Broken: the filter waits for itself, and everything hangs that waits for the pause.

    @needs-originatesSends @needs-holdCompletions
    Scenario: Sends come back while the filter is pausing
      Given a running filter module
      And the miniport holds 2 sends that the filter originated
      When NDIS pauses the filter module
      And the miniport completes all of them one by one
      Then FilterSendNetBufferListsComplete is entered 2 times
      And the filter module is Paused

    @needs-originatesReceives @needs-holdCompletions
    Scenario: Receives come back while the filter is pausing
      Given a running filter module
      And the protocol holds 2 receives that the filter originated
      When NDIS pauses the filter module
      And the protocol returns all of them one by one
      Then FilterReturnNetBufferLists is entered 2 times
      And the filter module is Paused

    @needs-originatesSends @needs-holdCompletions @needs-lateTraffic @needs-scheduleControl
    Scenario: One chain brings back own sends and those of a driver above
      Given a running filter module
      And the miniport holds 2 sends that the filter originated
      And the driver will stop before FilterPause is entered
      When NDIS pauses the filter module
      And the protocol sends 2 frames
      And the stopped thread goes on
      Then the pause is pending
      When the miniport completes all of them in one chain
      Then 2 sends come back
      And the filter completes the pause exactly once
      And the filter module is Paused

    @needs-originatesSends @needs-holdCompletions
    Scenario: A cancel arrives while the filter is pausing
      Given a pausing filter module
      When the protocol cancels the sends with cancel id "7"
      Then the cancel id "7" reaches the miniport
      When the miniport completes all of them
      Then the filter module is Paused

    @needs-originatesSends @needs-holdCompletions @needs-scheduleControl
    Scenario: A send comes back while FilterPause is still at work
      Given a running filter module
      And the miniport holds 1 send that the filter originated
      And the driver will stop before FilterPause returns
      When NDIS pauses the filter module
      And the miniport completes all of them
      Then FilterSendNetBufferListsComplete is entered 1 time
      When the stopped thread goes on
      Then the filter module is Paused

  @PAU-20
  Rule: FilterPause waits at PASSIVE_LEVEL and without a spin lock, if it waits
    NdisWaitEvent, NdisMSleep and a rundown wait need PASSIVE_LEVEL; and who waits with a lock keeps out those he waits for.
    Sources: NdisWaitEvent; Bug Check 0x7C.
    Broken: bugcheck 0x7C with 0x14, or a hang at raised IRQL (0x133).

    @needs-originatesSends @needs-holdCompletions
    Scenario: A filter with a send outstanding is paused, and the system goes on
      Given a running filter module
      And the miniport holds 1 send that the filter originated
      When NDIS pauses the filter module
      Then the system keeps running
      And the pause is pending
      When the miniport completes all of them
      Then the filter module is Paused

    @needs-originatesSends @needs-scheduleControl
    Scenario: A filter with a thread in its data path is paused, and the system goes on
      Given a running filter module
      And a write of the application has stopped before NdisFSendNetBufferLists
      When NDIS pauses the filter module
      Then the system keeps running
      And the pause is pending
      When the stopped thread goes on
      Then the filter module is Paused

    Scenario: A quiet filter is paused, and the system goes on
      Given a running filter module
      When NDIS pauses the filter module
      Then the system keeps running
      And the filter module is Paused
