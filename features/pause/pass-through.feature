Feature: NBLs that are passing through when the filter is paused
  The filter need not wait for NBLs of others that it has handed on. It must hand them on once more when they come back,
  whatever its state is then.

  @PAU-21 @C16
  Rule: Only own NBLs and held ones gate the pause, and NBLs that passed through go home in any state
    A page on whole stacks speaks of all outstanding sends; the pages on filters speak of own and queued ones.
    Sources: FILTER_PAUSE callback; Pausing a Driver Stack.
    Broken: an NBL is lost, and the pause of the protocol or of the miniport hangs.

    @needs-holdCompletions
    Scenario: Receives of the miniport are with the protocol when the filter is paused
      Given a running filter module
      And the protocol holds 2 receives from below
      When NDIS pauses the filter module
      And the protocol returns all of them
      Then 2 receives go back to the miniport
      And the filter completes the pause exactly once
      And the filter module is Paused

    @needs-holdCompletions
    Scenario: Receives come home one by one while the filter is paused
      Given a running filter module
      And the protocol holds 3 receives from below
      When NDIS pauses the filter module
      And the protocol returns all of them one by one
      Then 3 receives go back to the miniport
      And the filter module is Paused

    @needs-holdCompletions @needs-lateTraffic @needs-scheduleControl
    Scenario: Sends of a driver above are with the miniport when the filter is paused
      Given a running filter module
      And the miniport keeps the sends it gets
      And the driver will stop before FilterPause is entered
      When NDIS pauses the filter module
      And the protocol sends 2 frames
      And the stopped thread goes on
      And the miniport completes all of them
      Then 2 sends come back
      And the filter completes the pause exactly once
      And the filter module is Paused

    @needs-holdCompletions @needs-originatesSends @needs-lateTraffic @needs-scheduleControl
    Scenario: Own sends and those of a driver above are with the miniport when the filter is paused
      Given a running filter module
      And the miniport holds 1 send that the filter originated
      And the driver will stop before FilterPause is entered
      When NDIS pauses the filter module
      And the protocol sends 2 frames
      And the stopped thread goes on
      And the miniport completes the ones that the filter originated
      And the miniport completes all of them
      Then the filter completes the pause exactly once
      And 2 sends come back

    @exhibit
    Scenario: A filter does not wait for sends that it has passed on
      Given the filter driver "reference"
      And a running filter module
      And the miniport keeps the sends it gets
      And the driver will stop before FilterPause is entered
      When NDIS pauses the filter module
      And the protocol sends 2 frames
      And the stopped thread goes on
      Then FilterPause returns NDIS_STATUS_SUCCESS
      And 2 sends come back
      And no rule is broken

    @needs-holdCompletions
    Scenario: Sends of the protocol keep the protocol from pausing, not the filter
      Given a running filter module
      And the miniport holds 2 sends from above
      When NDIS pauses the filter module
      Then the filter module is Running
      When the miniport completes all of them
      Then 2 sends come back with NDIS_STATUS_SUCCESS
      And the filter module is Paused
