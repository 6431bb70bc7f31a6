Feature: A restart begins a new epoch
  FilterPause closes a gate, and only FilterRestart opens it again. What must FilterRestart reset? The gate, the counters, the
  event or rundown that the pause waits for, and every trace of NBLs of the last epoch. Not the attach-time resources, not the
  user-mode handles.

  @RST-13
  Rule: A successful restart lifts what the pause imposed and starts from zero
    The refusal of sends ends, outstanding counts are zero, nothing of the last epoch is held.
    Sources: Starting a Filter Module; FILTER_RESTART callback.
    Broken: the network stays dead after the adapter is enabled or the system wakes up; or the next pause waits for a count
    that never reaches zero.

    @needs-originatesSends
    Scenario: The filter sends again after a pause
      Given a paused filter module
      And an application has a handle on the filter
      When NDIS restarts the filter module
      And the application writes a frame to its handle
      Then the write succeeds
      And the filter originates 1 send

    Scenario: Frames go down through the filter again after a pause
      Given a paused filter module
      When NDIS restarts the filter module
      And the protocol sends 3 frames
      Then 3 sends come back with NDIS_STATUS_SUCCESS

    Scenario: Frames come up through the filter again after a pause
      Given a paused filter module
      When NDIS restarts the filter module
      And the miniport indicates 2 receives
      Then 2 receives go back to the miniport
      And the filter module is Running

    @needs-originatesSends @needs-holdCompletions
    Scenario: The filter sends again after a pause that was pending
      Given a pausing filter module
      When the miniport completes all of them
      Then the filter module is Paused
      When NDIS restarts the filter module
      And the application writes a frame to its handle
      Then the filter originates 1 send
      And the miniport has 1 send

    @needs-originatesSends @needs-holdCompletions
    Scenario: The second pause counts from zero
      Given a pausing filter module
      When the miniport completes all of them
      And NDIS restarts the filter module
      And NDIS pauses the filter module
      Then the filter completes the pause exactly once
      And the filter module is Paused

    @needs-originatesSends @needs-holdCompletions
    Scenario: The second pause pends like the first
      Given a filter module that was paused and restarted
      And the miniport holds 2 sends that the filter originated
      When NDIS pauses the filter module
      Then the pause is pending
      When the miniport completes all of them
      Then the filter completes the pause exactly once
      And the filter module is Paused

    @needs-originatesSends
    Scenario: A handle that was open during the pause works after it
      Given a running filter module
      And an application has a handle on the filter
      When NDIS pauses the filter module
      And the application writes a frame to its handle
      Then the write does not succeed
      When NDIS restarts the filter module
      And the application writes a frame to its handle
      Then the write succeeds

    @needs-holdsSends @needs-lateTraffic
    Scenario: Sends that were held before the pause do not appear after it
      Given a running filter module
      And the filter holds 2 sends from above
      When NDIS pauses the filter module
      And the application asks the filter to release the sends it holds
      And NDIS restarts the filter module
      Then the filter has no sends from above in its hands
      And no rule is broken

    @needs-originatesSends @needs-scheduleControl
    Scenario: A write that began while the module was Paused may still fail when it is Running
      Whoever asks at any moment of the write whether the module is Running may be told no, so the answer may be no.

      Given a paused filter module
      And an application has a handle on the filter
      And the driver will stop before IRP_MJ_WRITE returns
      When the application writes a frame to its handle
      And NDIS restarts the filter module
      And the stopped thread goes on
      Then the filter module is Running
      And no rule is broken

    Scenario: The adapter is disabled and enabled again
      Given a running filter module
      And adapter "A" was disabled and enabled again
      When the protocol sends 2 frames
      Then the filter module is Running
      And 2 sends come back with NDIS_STATUS_SUCCESS
