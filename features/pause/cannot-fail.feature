Feature: A pause cannot fail
  FilterPause is told, not asked. It may take a while; it may not say no.

  @PAU-01
  Rule: FilterPause returns NDIS_STATUS_SUCCESS or NDIS_STATUS_PENDING
    There is no third answer, whatever goes wrong; problems go to the event log.
    Sources: FILTER_PAUSE callback; Pausing a Filter Module; NdisFilterTimedPauseComplete rule.
    Broken: Driver Verifier stops the system (0xC4, 0x92010); without it NDIS's state is corrupted.

    Scenario: A filter with nothing outstanding is paused
      Given a running filter module
      When NDIS pauses the filter module
      Then FilterPause returns NDIS_STATUS_SUCCESS or NDIS_STATUS_PENDING
      And the filter module is Paused

    @needs-originatesSends @needs-holdCompletions
    Scenario: A filter with sends outstanding is paused
      Given a running filter module
      And the miniport holds 2 sends that the filter originated
      When NDIS pauses the filter module
      Then the pause is pending
      When the miniport completes all of them
      Then the filter module is Paused
      And no rule is broken

    @needs-userModeHandles
    Scenario Outline: A filter with <handles> open handles is paused
      The answer must not depend on a loop over handles that may have no turn, or whose last turn wins.

      Given a running filter module
      And <handles> applications have a handle on the filter
      When NDIS pauses the filter module
      Then FilterPause returns NDIS_STATUS_SUCCESS or NDIS_STATUS_PENDING
      And the filter module is Paused

      Examples:
        | handles |
        |       0 |
        |       1 |
        |       5 |

    @needs-memoryPressure
    Scenario: A filter is paused when there is no memory
      Given a running filter module
      And every allocation fails
      When NDIS pauses the filter module
      Then FilterPause returns NDIS_STATUS_SUCCESS or NDIS_STATUS_PENDING
      And the filter module is Paused

    Scenario: A pause follows a restart at once
      Given a newly attached filter module
      When NDIS restarts the filter module
      And NDIS pauses the filter module
      Then the filter module is Paused
