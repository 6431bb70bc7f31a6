@needs-changesHandlers
Feature: A filter steps out of the data path
  NdisFRestartFilter asks for it and returns at once. Later NDIS pauses the stack, calls FilterSetModuleOptions, where
  the filter changes its data handlers with NdisSetOptionalHandlers, and restarts. Sources: Data Bypass Mode;
  NdisFRestartFilter.

  Scenario: The filter asks for a restart and gets an ordinary one
    Given a running filter module
    When an application asks the filter to bypass the data path
    Then NDIS enters FilterPause before FilterSetModuleOptions
    And NDIS enters FilterSetModuleOptions before FilterRestart
    And the filter module is Running

  @C15
  Scenario: The handlers are changed inside FilterSetModuleOptions
    One page mentions FilterRestart as the place, others FilterSetModuleOptions alone. The reading taken:
    FilterSetModuleOptions.

    Given a running filter module
    When an application asks the filter to bypass the data path
    Then the filter calls NdisFRestartFilter exactly once
    And FilterSetModuleOptions is entered 1 time
    And no rule is broken

  Scenario: Frames go past a filter that has stepped out
    Given a running filter module
    And an application asked the filter to bypass the data path
    When the protocol sends 2 frames
    And the miniport indicates 2 receives
    Then the filter passes no sends down
    And the filter passes no receives up
    And 2 receives go back to the miniport

  @needs-holdCompletions @needs-originatesSends
  Scenario: The filter asks for a restart while its own send is with the miniport
    Given a running filter module
    And the miniport holds 1 send that the filter originated
    When the application asks the filter to bypass the data path
    Then the pause is pending
    When the miniport completes all of them
    Then FilterSetModuleOptions is entered 1 time
    And the filter module is Running
