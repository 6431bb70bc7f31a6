@needs-stackedFilters
Feature: A filter is inserted into a live stack, or removed from it
  The whole stack is paused, the change is made, and everything is restarted. A module that was there before sees a
  pause and a restart without a detach, and perhaps another interface below. Sources: Modifying a Running Driver Stack.
  Which event announces the change is not documented (U7).

  Scenario Outline: A neighbour filter is inserted <where> a running module
    Given a running filter module
    When a neighbour filter is inserted <where> the filter module
    Then the insertion succeeds
    And FilterPause is entered 1 time
    And FilterRestart is entered 1 time
    And FilterDetach is entered 0 times
    And the filter module is Running

    Examples:
      | where |
      | above |
      | below |

  @needs-originatesSends
  Scenario: Traffic flows through the stack that a filter was inserted into
    Given a running filter module
    And an application has a handle on the filter
    When a neighbour filter is inserted below the filter module
    And the application writes a frame to its handle
    And the protocol sends 2 frames
    Then the filter originates 1 send
    And 2 sends come back with NDIS_STATUS_SUCCESS

  @needs-holdCompletions @needs-originatesSends
  Scenario: The insertion waits for a send that the filter originated
    Given a running filter module
    And the miniport holds 1 send that the filter originated
    When a neighbour filter is inserted above the filter module
    Then the insertion is pending
    When the miniport completes all of them
    Then the insertion succeeds
    And the filter module is Running

  Scenario: A second module of the driver is inserted above the first
    Given a running filter module
    When another module of the filter driver is inserted above the filter module
    Then the insertion succeeds
    And NDIS attaches the upper filter module before it restarts the lower filter module
    And the upper filter module is Running
    And the lower filter module is Running

  Scenario: A neighbour filter is removed from a running stack
    Given adapter "A" has a neighbour filter above the filter module
    And a running filter module
    When the neighbour filter above the filter module is removed
    Then the removal succeeds
    And FilterDetach is entered 0 times
    And the filter module is Running

  Scenario Outline: The <which> of two modules of the driver is removed
    Given adapter "A" carries two modules of the filter driver
    And a running filter module
    When the <which> module of the filter driver is removed
    And the protocol sends 2 frames
    Then FilterDetach is entered 1 time
    And the filter module is Running
    And 2 sends come back with NDIS_STATUS_SUCCESS

    Examples:
      | which |
      | upper |
      | lower |

  @needs-originatesSends
  Scenario: An application's handle after one of two modules was removed
    Given adapter "A" carries two modules of the filter driver
    And a running filter module
    And an application has a handle on the filter
    When the upper module of the filter driver is removed
    And the application writes a frame to its handle
    And the user disables adapter "A"
    Then the filter module is not attached
    And the system keeps running

  @needs-lateTraffic
  Scenario: A filter that was only just inserted is detached again
    Given a newly attached filter module
    When the protocol sends a frame
    And NDIS detaches the filter module
    Then 1 send comes back with NDIS_STATUS_PAUSED
    And the filter module is not attached
