Feature: A driver stack starts
  Boot, device start, an adapter that is enabled. The miniport comes first, then the filters attach from the bottom to
  the top, all Paused; only when everything is in place is the stack restarted, again from the bottom. Sources: Starting
  a Driver Stack; Restarting a Driver Stack.

  Scenario: Two modules of one driver start in their order
    Given adapter "A" carries two modules of the filter driver
    And the filter driver is loaded
    And adapter "A" is plugged in
    When the user enables adapter "A"
    Then the enabling succeeds
    And NDIS attaches the lower filter module before the upper filter module
    And NDIS restarts the lower filter module before the upper filter module
    And the upper filter module is Running

  Scenario: All filters are attached before the first is restarted
    Given adapter "A" carries two modules of the filter driver
    And the filter driver is loaded
    And adapter "A" is plugged in
    When the user enables adapter "A"
    Then the enabling succeeds
    And NDIS attaches the upper filter module before it restarts the lower filter module

  @needs-stackedFilters
  Scenario: A filter starts between two neighbours
    Given adapter "A" has a neighbour filter above the filter module
    And adapter "A" has a neighbour filter below the filter module
    And the filter driver is loaded
    And adapter "A" is plugged in
    When the user enables adapter "A"
    And the protocol sends 2 frames
    Then the filter module is Running
    And 2 sends come back with NDIS_STATUS_SUCCESS

  Scenario: An adapter is there before the driver is loaded
    Given adapter "A" is plugged in
    When Windows loads the filter driver
    And NDIS attaches the filter module
    And NDIS restarts the filter module
    Then the load succeeds
    And the filter module is Running

  Scenario: Two adapters start one after the other
    Given a running filter module
    And adapter "B" is plugged in
    When the user enables adapter "B"
    Then the filter module of adapter "B" is Running
    And the filter module is Running

  @needs-lateTraffic
  Scenario: The miniport indicates receives before the filter above it is restarted
    Given a newly attached filter module
    When the miniport indicates 2 receives
    Then 2 receives go back to the miniport
    And the filter has no receives from below in its hands

  @needs-userModeHandles
  Scenario: The stack starts while applications already wait
    Given a newly attached filter module
    And an application has a handle on the filter
    When NDIS restarts the filter module
    And the application closes its handle
    Then the restart succeeds
    And the filter module is Running
