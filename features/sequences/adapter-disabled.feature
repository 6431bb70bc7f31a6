Feature: The user disables an adapter
  Network Connections or the Device Manager: first everybody above is asked, then protocol, filters and miniport are
  paused from the top to the bottom, the protocol is unbound, and the filters detach from the top. That disabling is a
  query-remove followed by a remove is inferred. Sources: Removing a NIC; Stopping a Driver Stack.

  Scenario: An idle adapter is disabled
    Given a running filter module
    When the user disables adapter "A"
    Then the disabling succeeds
    And NetEventQueryRemoveDevice reaches the protocol
    And NDIS enters FilterPause before FilterDetach
    And the filter module is not attached

  Scenario: Two modules of one driver are paused and detached from the top
    Given adapter "A" carries two modules of the filter driver
    And a running filter module
    When the user disables adapter "A"
    Then the disabling succeeds
    And NDIS pauses the upper filter module before the lower filter module
    And NDIS detaches the upper filter module before the lower filter module
    And NDIS pauses the lower filter module before it detaches the upper filter module

  @U8
  Scenario: The filter hears of its detach while its paths are still open
    Given a running filter module
    When the user disables adapter "A"
    Then the disabling succeeds
    And NDIS sends NetEventFilterPreDetach before it enters FilterDetach

  @needs-holdCompletions @needs-originatesSends
  Scenario: The dialog waits for a send that the filter originated
    Given a running filter module
    And the miniport holds 2 sends that the filter originated
    When the user disables adapter "A"
    Then the disabling is pending
    And the filter module is Pausing
    When the miniport completes all of them
    Then the disabling succeeds
    And the filter module is not attached

  @needs-holdCompletions @needs-originatesReceives
  Scenario: The dialog waits for a receive that the filter originated
    Given a running filter module
    And the protocol holds 1 receive that the filter originated
    When the user disables adapter "A"
    Then the disabling is pending
    When the protocol returns all of them
    Then the disabling succeeds
    And the filter module is not attached

  @needs-holdCompletions @needs-originatesSends
  Scenario: Only the upper of two modules has something outstanding
    Given adapter "A" carries two modules of the filter driver
    And a running filter module
    And the miniport holds 1 send that the filter originated
    When the user disables adapter "A"
    Then the disabling is pending
    When the miniport completes all of them
    Then the disabling succeeds
    And the lower filter module is not attached

  @needs-originatesSends @needs-scheduleControl
  Scenario: An application is in the middle of a write
    Given a running filter module
    And a write of the application has stopped before NdisFSendNetBufferLists
    When the user disables adapter "A"
    Then the disabling is pending
    When the stopped thread goes on
    Then the disabling succeeds
    And the filter module is not attached

  @needs-originatesSends
  Scenario: The application goes on writing after the adapter was disabled
    Given a running filter module
    And an application has a handle on the filter
    When the user disables adapter "A"
    And the application writes a frame to its handle
    Then the write does not succeed
    And the filter originates nothing
    And the system keeps running

  @needs-originatesSends
  Scenario: The adapter is enabled again for the application that waited
    Given a running filter module
    And an application has a handle on the filter
    And adapter "A" was disabled and enabled again
    When the application closes its handle
    And the application opens a handle on the filter
    And the application writes a frame to its handle
    Then the write succeeds
    And the filter originates 1 send

  Scenario: The other adapter does not notice
    Given a running filter module
    And a running filter module on adapter "B"
    When the user disables adapter "A"
    And the protocol sends 2 frames on adapter "B"
    Then 2 sends come back with NDIS_STATUS_SUCCESS on adapter "B"
    And the filter module of adapter "B" is Running

  Scenario: The question is withdrawn
    Given a running filter module
    When NDIS sends NetEventQueryRemoveDevice
    And NDIS sends NetEventCancelRemoveDevice
    And the protocol sends 2 frames
    Then NetEventCancelRemoveDevice reaches the protocol
    And the filter module is Running
    And 2 sends come back with NDIS_STATUS_SUCCESS

  Scenario: The adapter goes although the protocol said no
    Given a running filter module
    And the protocol vetoes removal and sleep
    When NDIS sends NetEventQueryRemoveDevice
    Then the event fails
    When NDIS pauses the filter module
    And NDIS detaches the filter module
    Then the filter module is not attached

  Scenario: The adapter is disabled and enabled three times
    Given a running filter module
    And adapter "A" was disabled and enabled again
    And adapter "A" was disabled and enabled again
    When the user disables adapter "A"
    And the user enables adapter "A"
    Then the filter module is Running
    And the system keeps running
