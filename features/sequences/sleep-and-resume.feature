@needs-systemSleep
Feature: The system sleeps and wakes up
  Power events go up, then the stack is paused and the miniport loses power. On the way back the stack is restarted
  before NetEventSetPower says D0. A miniport that keeps its data path, under drivers of NDIS 6.30 and later, is not
  paused at all. Sources: NET_PNP_EVENT; OID_PNP_SET_POWER.

  Scenario: The stack is paused for sleep
    Given a running filter module
    When the system goes to sleep
    Then the sleep succeeds
    And NetEventSetPower reaches the protocol
    And NDIS enters FilterNetPnPEvent before FilterPause
    And the filter module is Paused

  Scenario: The restart comes before the news that power is back
    Given a running filter module
    And the system went to sleep
    When the system wakes up
    Then the wake-up succeeds
    And NDIS enters FilterRestart before FilterNetPnPEvent
    And the filter module is Running

  @needs-holdCompletions @needs-originatesSends
  Scenario: Sleep waits for a send that the filter originated
    Given a running filter module
    And the miniport holds 1 send that the filter originated
    When the system goes to sleep
    Then the pause is pending
    When the miniport completes all of them with NDIS_STATUS_LOW_POWER_STATE
    Then the sleep succeeds
    And the filter module is Paused

  @needs-originatesSends
  Scenario: An application writes before, during and after sleep
    Given a running filter module
    And an application has a handle on the filter
    When the application writes a frame to its handle
    And the system goes to sleep
    And the application writes a frame to its handle
    And the system wakes up
    And the application writes a frame to its handle
    Then the write succeeds
    And no rule is broken

  Scenario: A module that is not paused stays Running through sleep
    Given the miniport of adapter "A" keeps its data path across sleep
    And a running filter module
    And the filter driver is of NDIS 6.30 or later
    When the system goes to sleep
    And the system wakes up
    Then FilterPause is entered 0 times
    And NetEventSetPower reaches the protocol
    And the filter module is Running

  @needs-holdCompletions
  Scenario: Receives stay out while a module that is not paused sleeps
    Given the miniport of adapter "A" keeps its data path across sleep
    And a running filter module
    And the filter driver is of NDIS 6.30 or later
    And the protocol holds 2 receives from below
    When the system goes to sleep
    And the system wakes up
    Then the protocol has 2 receives
    When the protocol returns all of them
    Then 2 receives go back to the miniport

  Scenario: Two modules of the driver sleep
    Given adapter "A" carries two modules of the filter driver
    And a running filter module
    When the system goes to sleep
    Then NDIS pauses the upper filter module before the lower filter module
    When the system wakes up
    Then NDIS restarts the lower filter module before the upper filter module
    And the upper filter module is Running

  Scenario: A protocol does not want to sleep
    Given a running filter module
    And the protocol vetoes removal and sleep
    When NDIS sends NetEventQueryPower
    Then the event fails
    And the filter module is Running

  Scenario: A miniport without power management is halted for sleep
    That filters are then detached and attached again is inferred, and was seen in the field.

    Given a running filter module
    When NDIS pauses the filter module
    And NDIS detaches the filter module
    And NDIS attaches the filter module
    And NDIS restarts the filter module
    Then the filter module is Running

  @needs-originatesSends
  Scenario: The adapter is disabled while the system sleeps
    Given a running filter module
    And an application has a handle on the filter
    When the system goes to sleep
    And the user disables adapter "A"
    And the application writes a frame to its handle
    Then the write does not succeed
    And the filter module is not attached
