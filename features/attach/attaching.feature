Feature: Attaching a filter module
  FilterAttach makes one instance of the filter for one adapter. When it returns, the module is Paused.

  @ATT-01
  Rule: FilterAttach ends at once, well or badly
    It runs at PASSIVE_LEVEL and returns NDIS_STATUS_SUCCESS, NDIS_STATUS_RESOURCES or NDIS_STATUS_FAILURE; another failure
    status breaks the strict reading only. There is no pending form of it.
    Sources: FILTER_ATTACH callback; Attaching a Filter Module.
    Broken: NDIS takes anything but success for a failed attach; a mandatory filter then takes the whole stack down.

    Scenario: A filter module attaches
      Given the filter driver is loaded
      And adapter "A" is plugged in
      When NDIS attaches the filter module
      Then FilterAttach returns NDIS_STATUS_SUCCESS
      And the filter module is Paused

    @needs-memoryPressure
    Scenario: There is no memory for another filter module
      Given the filter driver is loaded
      And adapter "A" is plugged in
      And every allocation fails
      When NDIS attaches the filter module
      Then the attach fails
      And the filter module is not attached

  @ATT-03
  Rule: FilterAttach names the module's context with NdisFSetAttributes before it succeeds
    Exactly once, with the handle that NDIS gave. When NdisFSetAttributes fails, the attach fails.
    Sources: NdisFSetAttributes; NDIS_FILTER_ATTRIBUTES; FILTER_ATTACH callback.
    Broken: every later handler gets a NULL or stale FilterModuleContext: bugcheck 0xD1 or 0x3B.

    Scenario: NDIS learns the context of a module while it attaches
      Given the filter driver is loaded
      And adapter "A" is plugged in
      When NDIS attaches the filter module
      Then the filter calls NdisFSetAttributes exactly once
      And the attach succeeds

    Scenario: Each of two adapters gets a context of its own
      Given the filter driver is loaded
      And adapter "A" is plugged in
      And adapter "B" is plugged in
      When NDIS attaches the filter module of adapter "A"
      And NDIS attaches the filter module of adapter "B"
      Then the filter calls NdisFSetAttributes 2 times
      And the filter module of adapter "A" is Paused
      And the filter module of adapter "B" is Paused

  @ATT-05
  Rule: A module that is attaching is silent
    Until FilterAttach has returned, the filter sends nothing, indicates nothing, issues no OID request and no status for it.
    Adapter facts are in the attach parameters; they need not be asked for.
    Sources: Attaching a Filter Module; FILTER_ATTACH callback.
    Broken: the OID path is not built yet, so the call hangs or ends in bugcheck 0xD1.

    Scenario: Attaching makes no traffic
      Given the filter driver is loaded
      And adapter "A" is plugged in
      When NDIS attaches the filter module
      Then the filter originates nothing

    @needs-userModeHandles @needs-originatesOids @needs-originatesStatus @needs-scheduleControl
    Scenario: An application is faster than FilterAttach
      Given the filter driver is loaded
      And adapter "A" is plugged in
      And the driver will stop before it calls NdisFSetAttributes
      When NDIS attaches the filter module
      And an application opens a handle on the filter
      And the application asks the filter to issue an OID request
      And the application asks the filter to indicate a status
      Then the filter originates nothing
      When the stopped thread goes on
      Then the attach succeeds
