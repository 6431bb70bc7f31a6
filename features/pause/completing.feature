Feature: Completing a pause
  FilterPause completes the pause itself with NDIS_STATUS_SUCCESS, or promises with NDIS_STATUS_PENDING to do so later with
  NdisFPauseComplete. One or the other, once.

  @PAU-02
  Rule: A pending pause is completed exactly once, when the module is quiet
    NdisFPauseComplete, at IRQL DISPATCH_LEVEL or below.
    Sources: FILTER_PAUSE callback; NdisFPauseComplete; Pausing a Filter Module.
    Broken: not at all, and disabling the adapter, unbinding, installing a filter and sleep all hang (watchdog 0x7C or 0x15E,
    0x25/0x11; Driver Verifier 0xC4, 0x92010).

    @needs-originatesSends @needs-holdCompletions
    Scenario: The last send that comes back completes the pause
      Given a running filter module
      And the miniport holds 3 sends that the filter originated
      When NDIS pauses the filter module
      Then the pause is pending
      When the miniport completes 2 of them
      Then the pause is still pending
      When the miniport completes the last of them
      Then the filter completes the pause exactly once
      And the filter module is Paused

    @needs-originatesSends @needs-originatesReceives @needs-holdCompletions
    Scenario: Sends and receives come back at the same time
      Given a running filter module
      And the miniport holds 2 sends that the filter originated
      And the protocol holds 2 receives that the filter originated
      When NDIS pauses the filter module
      And the miniport completes all of them
      Then the pause is still pending
      When the protocol returns all of them
      Then the filter completes the pause exactly once
      And the filter module is Paused

    @needs-originatesReceives @needs-originatesSends @needs-holdCompletions
    Scenario: The last receive comes back before the last send
      Given a running filter module
      And the miniport holds 1 send that the filter originated
      And the protocol holds 1 receive that the filter originated
      When NDIS pauses the filter module
      And the protocol returns all of them
      Then the pause is still pending
      When the miniport completes all of them
      Then the filter completes the pause exactly once

    @needs-originatesSends @needs-holdCompletions @needs-scheduleControl
    Scenario: Everything comes back before FilterPause has returned
      NdisFPauseComplete may be called before FilterPause has returned NDIS_STATUS_PENDING; NDIS expects the race.

      Given a running filter module
      And the miniport holds 2 sends that the filter originated
      And the driver will stop before FilterPause returns
      When NDIS pauses the filter module
      And the miniport completes all of them
      And the stopped thread goes on
      Then the filter completes the pause exactly once
      And the filter module is Paused

    @needs-originatesSends @needs-holdCompletions
    Scenario: The user disables the adapter while sends are outstanding
      Given a running filter module
      And the miniport holds 2 sends that the filter originated
      When the user disables adapter "A"
      Then the disabling is pending
      And the pause is pending
      When the miniport completes all of them
      Then the disabling succeeds
      And the filter module is not attached

  @PAU-03
  Rule: A pause that is over is not completed again
    NdisFPauseComplete belongs to one pending pause. After FilterPause has returned NDIS_STATUS_SUCCESS there is none.
    Sources: NdisFPauseComplete; NdisFilterTimedPauseComplete rule; Bug Check 0x7C.
    Broken: Driver Verifier stops the system (0xC4, 0x92010); shipped drivers crashed on suspend this way.

    @needs-originatesSends
    Scenario: The filter has sent and is quiet again when it is paused
      Given a running filter module
      And an application has a handle on the filter
      When the application writes 3 frames to its handle
      And NDIS pauses the filter module
      Then the filter completes the pause exactly once

    @needs-originatesSends
    Scenario: Traffic of a second epoch completes no pause of the first
      Given a filter module that was paused and restarted
      And an application has a handle on the filter
      When the application writes 3 frames to its handle
      Then the filter never calls NdisFPauseComplete
      And the filter module is Running

    @needs-originatesSends @needs-holdCompletions
    Scenario: A pause that was pending is not completed by the traffic that follows it
      Given a pausing filter module
      When the miniport completes all of them
      And NDIS restarts the filter module
      Then the filter module is Running
      When the application writes a frame to its handle
      And the miniport completes all of them
      Then the filter never calls NdisFPauseComplete
      And the filter module is Running

    @needs-holdCompletions
    Scenario: Receives that passed through come back after the pause
      Given a running filter module
      And the protocol holds 2 receives from below
      When NDIS pauses the filter module
      And the protocol returns all of them
      Then the filter completes the pause exactly once
      And 2 receives go back to the miniport

  @PAU-04
  Rule: A pause takes at most ten seconds
    From the entry of FilterPause to its completion, when the neighbours hand back what they have at once. Driver Verifier
    measures it; NDIS's own watchdog has a limit that is not published.
    Sources: NdisFilterTimedPauseComplete rule; Bug Check 0x7C; Bug Check 0x15E.
    Broken: Driver Verifier stops the system (0xC4, 0x92010); without it the watchdog does (0x7C, 0x25/0x11).

    @needs-virtualTime
    Scenario: A quiet filter is paused in time
      Given a running filter module
      When NDIS pauses the filter module
      And 11 seconds pass
      Then the pause takes at most 10 seconds

    @needs-originatesSends @needs-virtualTime
    Scenario: A filter that has just sent is paused in time
      Given a running filter module
      And an application has a handle on the filter
      When the application writes 3 frames to its handle
      And NDIS pauses the filter module
      And 11 seconds pass
      Then the pause takes at most 10 seconds

    @needs-originatesSends @needs-holdCompletions @needs-virtualTime
    Scenario: The filter does not wait after the last send has come back
      Given a pausing filter module
      When the miniport completes all of them
      And 11 seconds pass
      Then the pause takes at most 10 seconds
      And the filter module is Paused
