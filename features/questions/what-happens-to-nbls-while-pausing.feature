Feature: While the module is Pausing: what happens to NBLs that passed through, to sends that arrive, and to queued NBLs?
  Queued NBLs go back before the pause completes. Sends that arrive are refused with NDIS_STATUS_PAUSED. NBLs that
  passed through are not waited for, but handed on when they come back, even in Paused. Receives that arrive may be
  returned or passed up, never kept. Rules PAU-09, PAU-10, PAU-13, PAU-14 and PAU-21.

  @needs-holdCompletions @needs-lateTraffic
  Scenario: A send that arrives while the module is Pausing
    Given a pausing filter module
    And the filter has a handler FilterSendNetBufferLists
    When the protocol sends 2 frames
    Then 2 sends come back with NDIS_STATUS_PAUSED
    And the pause is still pending

  @C2 @needs-holdCompletions @needs-lateTraffic
  Scenario: A receive that arrives while the module is Pausing
    The guide has it returned at once, two DDI pages allow passing it up. The reading taken: both are right, keeping it
    is not.

    Given a pausing filter module
    When the miniport indicates 2 receives
    Then the filter has no receives from below in its hands
    And 2 receives go back to the miniport

  @C16 @exhibit @needs-holdCompletions
  Scenario: A receive that passed through and is still with the protocol
    The stack-level page speaks of all outstanding NBLs, the callback's page of own and queued ones. The reading taken:
    own and queued; a filter may wait for the others too, and need not.

    Given the filter driver "reference"
    And a running filter module
    And the protocol holds 2 receives from below
    When NDIS pauses the filter module
    Then the filter completes the pause exactly once
    When the protocol returns all of them
    Then 2 receives go back to the miniport

  @needs-holdsReceives
  Scenario: Receives that the filter has queued
    Given a running filter module
    And the filter holds 2 receives from below
    When NDIS pauses the filter module
    Then 2 receives go back to the miniport
    And the filter has no receives from below in its hands
    And the filter completes the pause exactly once
    And rule PAU-10 is put to the test
