Feature: Why is the pause flag not set when nothing is outstanding, and what if the driver still sends?
  It should be: the sketch that leaves it out mixes up two things. "A pause is pending" is true only when something is
  outstanding; "nothing may be originated" is true in every pause. NDIS_STATUS_SUCCESS from FilterPause says that the
  pause is over and the module is Paused from now on; it does not say that sending is allowed again. A driver that still
  sends then breaks PAU-07, sooner or later with a bluescreen, so the application's request must be refused until
  FilterRestart.

  @needs-originatesSends
  Scenario: Nothing is outstanding, the pause succeeds at once, and the gate is closed all the same
    Given a running filter module
    And an application has a handle on the filter
    When NDIS pauses the filter module
    Then the filter completes the pause exactly once
    When the application writes a frame to its handle
    Then the write does not succeed
    And the filter originates nothing

  @needs-originatesSends @needs-holdCompletions
  Scenario: Something is outstanding, the pause pends, and the gate is closed as well
    Given a running filter module
    And the miniport holds 1 send that the filter originated
    When NDIS pauses the filter module
    Then the pause is pending
    When the application writes a frame to its handle
    Then the write does not succeed
    And the filter originates nothing

  @exhibit
  Scenario: NDIS_STATUS_SUCCESS means that the module is Paused, and that no completion call follows
    Given the filter driver "reference"
    And a running filter module
    When NDIS pauses the filter module
    Then FilterPause returns NDIS_STATUS_SUCCESS
    And the filter never calls NdisFPauseComplete
    And the filter module is Paused

  @exhibit
  Scenario: A driver that sets the flag only when something is outstanding sends on a Paused module
    Given the filter driver "answers-sketch"
    And a running filter module
    And an application has a handle on the filter
    When NDIS pauses the filter module
    And the application writes 2 frames to its handle
    Then FilterPause returns NDIS_STATUS_SUCCESS
    And the filter originates 2 sends
    And rule PAU-07 is broken
    And rule DEV-04 is broken
