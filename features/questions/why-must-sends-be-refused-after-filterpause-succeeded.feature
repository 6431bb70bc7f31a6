Feature: Why must sends be refused even after FilterPause returned success?
  Because success ends Pausing and begins Paused: the state in which NDIS may unbind, rearrange, detach and halt. Late
  sends can still come in, from a filter above or from another processor, and must go back at once with
  NDIS_STATUS_PAUSED; own sends are forbidden until FilterRestart has succeeded. Rules PAU-07, PAU-13 and ATT-06.

  @needs-lateTraffic @U9
  Scenario: A late send meets a module whose pause succeeded
    Whether NDIS itself ever lets this happen is not documented; the page of the send handler tells what to do then.

    Given a paused filter module
    When the protocol sends 2 frames
    Then 2 sends come back with NDIS_STATUS_PAUSED
    And the filter passes no sends down
    And the filter has no sends from above in its hands

  @needs-lateTraffic
  Scenario: A send meets a module that was never restarted
    Given a newly attached filter module
    When the protocol sends 2 frames
    Then 2 sends come back with NDIS_STATUS_PAUSED
    And the filter passes no sends down

  @needs-originatesSends
  Scenario: An application's send meets a module whose pause succeeded
    Given a paused filter module
    When an application writes a frame to its handle
    Then the filter originates nothing

  Scenario: Only a restart lifts the ban
    Given a paused filter module
    When NDIS restarts the filter module
    And the protocol sends 2 frames
    Then 2 sends come back with NDIS_STATUS_SUCCESS
