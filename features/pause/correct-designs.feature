Feature: Correct filters that look wrong
  Two designs keep the pause rules. One counts under a lock and waits for nobody; the other holds rundown protection around
  every send and waits in FilterPause. Both do things at first sight forbidden, and both are acquitted.

  @exhibit
  Scenario: A filter that counts under its lock sends after FilterPause has returned
    The send was counted before the pause; the count is the reason why the pause is pending. Only the stricter reading, that
    nothing at all is originated after FilterPause was entered, takes offence.

    Given the filter driver "counting"
    And a running filter module
    And a write of the application has stopped before NdisFSendNetBufferLists
    When NDIS pauses the filter module
    Then FilterPause returns NDIS_STATUS_PENDING
    When the stopped thread goes on
    Then the filter originates 1 send
    And the filter completes the pause exactly once
    And no rule is broken
    And rule PAU-06 is broken only in its strict reading

  @exhibit
  Scenario: A filter with rundown protection sends after FilterPause was entered
    FilterPause does not return before the sender has left.

    Given the filter driver "reference"
    And a running filter module
    And a write of the application has stopped before NdisFSendNetBufferLists
    When NDIS pauses the filter module
    Then FilterPause has not returned
    When the stopped thread goes on
    Then the filter originates 1 send
    And the filter completes the pause exactly once
    And no rule is broken

  @exhibit
  Scenario: A filter completes its pause before FilterPause has returned
    The last send comes back between the decision to pend and the return of the handler.

    Given the filter driver "counting"
    And a running filter module
    And the miniport holds 1 send that the filter originated
    And the driver will stop before FilterPause returns
    When NDIS pauses the filter module
    And the miniport completes all of them
    Then the filter calls NdisFPauseComplete exactly once
    And FilterPause has not returned
    When the stopped thread goes on
    Then FilterPause returns NDIS_STATUS_PENDING
    And no rule is broken

  @exhibit
  Scenario: A filter refuses a send although it is running again
    The write asked while the module was Paused. A refusal is right when any moment of the attempt was not Running.

    Given the filter driver "counting"
    And a paused filter module
    And an application has a handle on the filter
    And the driver will stop before IRP_MJ_WRITE returns
    When the application writes a frame to its handle
    And NDIS restarts the filter module
    And the stopped thread goes on
    Then the write fails
    And the filter module is Running
    And no rule is broken
