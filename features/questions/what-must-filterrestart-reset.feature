Feature: What must FilterRestart reset?
  The gate, the events or rundown protection that the next pause waits on, the counts, and every trace of NBLs of the
  time before; MTU, backfill and lower interface are read anew. Not to be reset: what attach allocated, handles of
  applications, the module context. Rules RST-11, RST-12 and RST-13.

  @needs-originatesSends @needs-holdCompletions
  Scenario: Three pauses in a row each wait for their own sends
    Given a filter module that was paused and restarted
    And the miniport holds 1 send that the filter originated
    When NDIS pauses the filter module
    And the miniport completes all of them
    And NDIS restarts the filter module
    Given the miniport holds 1 send that the filter originated
    When NDIS pauses the filter module
    Then the pause is pending
    When the miniport completes all of them
    Then the filter completes the pause exactly once

  @needs-originatesSends
  Scenario: A handle opened before the pause is good after the restart
    Given a running filter module
    And an application has a handle on the filter
    When NDIS pauses the filter module
    And NDIS restarts the filter module
    And the application writes a frame to its handle
    Then the write succeeds

  @needs-holdsSends
  Scenario: Nothing that was queued before the pause is left after the restart
    Given a running filter module
    And the filter holds 2 sends from above
    When NDIS pauses the filter module
    And 5 seconds pass
    And NDIS restarts the filter module
    Then the filter has no sends from above in its hands
    And the filter module is Running
