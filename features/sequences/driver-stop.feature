Feature: The filter driver is stopped or upgraded
  DriverUnload calls NdisFDeregisterFilterDriver, and inside that call NDIS pauses and detaches every module that is
  still attached. Sources: Unloading a Filter Driver.

  Scenario: The driver is stopped while modules run on two adapters
    Given a running filter module
    And a running filter module on adapter "B"
    When Windows unloads the filter driver
    Then the unload succeeds
    And the filter module is not attached
    And the filter module of adapter "B" is not attached

  Scenario: Pause and detach run inside deregistration
    Given a running filter module
    When Windows unloads the filter driver
    Then the unload succeeds
    And the filter calls NdisFDeregisterFilterDriver exactly once
    And NDIS enters FilterPause before FilterDetach

  @needs-holdCompletions @needs-originatesSends
  Scenario: The driver is stopped while the miniport has its send
    Given a running filter module
    And the miniport holds 1 send that the filter originated
    When the application closes its handle
    And Windows unloads the filter driver
    Then the unload is pending
    When the miniport completes all of them
    Then the unload succeeds
    And the filter module is not attached

  @needs-stackedFilters
  Scenario: The neighbours go on when the driver was stopped
    Given adapter "A" has a neighbour filter above the filter module
    And a running filter module
    When Windows unloads the filter driver
    And the protocol sends 2 frames
    Then 2 sends come back with NDIS_STATUS_SUCCESS

  Scenario: The driver is stopped when no adapter is left
    Given a running filter module
    And adapter "A" was disabled
    When Windows unloads the filter driver
    Then the unload succeeds
    And the system keeps running

  @needs-userModeHandles
  Scenario: The driver is stopped while an application has a handle
    The I/O manager keeps the driver until the last handle is closed; only then is DriverUnload called.

    Given a running filter module
    And an application has a handle on the filter
    When Windows unloads the filter driver
    Then the unload is pending
    When the application closes its handle
    Then the unload succeeds
    And the filter module is not attached
