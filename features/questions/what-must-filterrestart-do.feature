Feature: What must FilterRestart do? Should it set PausePending?
  It must undo the pause: clear the flag, not set it. FilterRestart opens the gate again, as its last act before it
  succeeds, re-arms what the next pause will wait on, and starts with counts at zero and nothing of the time before. If
  it fails, the gate stays closed. Rules RST-11 and RST-13.

  @needs-originatesSends
  Scenario: Sending is possible again after a restart
    Given a paused filter module
    And an application has a handle on the filter
    When NDIS restarts the filter module
    And the application writes a frame to its handle
    Then the restart succeeds
    And the write succeeds
    And the filter originates 1 send

  @needs-originatesSends @needs-holdCompletions
  Scenario: Sending is possible again after a pause that pended
    Given a pausing filter module
    When the miniport completes all of them
    And NDIS restarts the filter module
    And the application writes a frame to its handle
    Then the filter originates 1 send
    And the miniport has 1 send

  @needs-originatesSends @needs-holdCompletions
  Scenario: The second pause waits as the first one did
    Given a filter module that was paused and restarted
    And the miniport holds 1 send that the filter originated
    When NDIS pauses the filter module
    Then the pause is pending
    When the miniport completes all of them
    Then the filter completes the pause exactly once

  Scenario: The second pause does not wait for what came back long ago
    Given a filter module that was paused and restarted
    When NDIS pauses the filter module
    Then the filter completes the pause exactly once
    And the filter module is Paused

  @exhibit @needs-holdCompletions
  Scenario: A driver whose restart leaves the flag set has closed itself for ever
    Given the filter driver "answers-sketch"
    And a pausing filter module
    When the miniport completes all of them
    And NDIS restarts the filter module
    And the application writes 2 frames to its handle
    Then the filter originates nothing
    And rule RST-13 is broken
