Feature: Completing a restart
  FilterRestart brings a Paused module back to work: at once, or later through NdisFRestartComplete.

  @RST-01
  Rule: FilterRestart returns success, pending or a failure
    NDIS_STATUS_SUCCESS, NDIS_STATUS_PENDING, NDIS_STATUS_RESOURCES or NDIS_STATUS_FAILURE; another failure status breaks the
    strict reading only. From the entry until a final status is known the module is Restarting.
    Sources: FILTER_RESTART callback; Starting a Filter Module.
    Broken: NDIS takes whatever is not success for a failure, and detaches the module.

    Scenario: A filter module restarts
      Given a newly attached filter module
      When NDIS restarts the filter module
      Then FilterRestart returns NDIS_STATUS_SUCCESS or NDIS_STATUS_PENDING
      And the filter module is Running

    @needs-scheduleControl
    Scenario: The module is Restarting until FilterRestart has returned
      Given a newly attached filter module
      And the driver will stop before FilterRestart returns
      When NDIS restarts the filter module
      Then the filter module is Restarting
      When the stopped thread goes on
      Then the filter module is Running

    @needs-memoryPressure
    Scenario: A filter module restarts under memory pressure
      Given a newly attached filter module
      And every allocation fails
      When NDIS restarts the filter module
      Then the filter completes the restart exactly once
      And no rule is broken

  @RST-02
  Rule: A pending restart is completed exactly once
    After NDIS_STATUS_PENDING the filter calls NdisFRestartComplete once, at PASSIVE_LEVEL (the pause twin is laxer), with
    NDIS_STATUS_SUCCESS, NDIS_STATUS_RESOURCES or NDIS_STATUS_FAILURE; another failure breaks the strict reading only.
    Sources: NdisFRestartComplete; Starting a Filter Module.
    Broken: not at all, the stack never starts and there is no network; twice, NDIS's state is corrupted.

    Scenario: A restart is completed once, and stays completed
      Given a newly attached filter module
      When NDIS restarts the filter module
      Then the filter completes the restart exactly once
      And the filter module is Running

    @needs-virtualTime
    Scenario: Nothing completes the restart again later on
      Given a newly attached filter module
      When NDIS restarts the filter module
      And 60 seconds pass
      Then the filter completes the restart exactly once

  @RST-03
  Rule: A restart that FilterRestart has ended is not completed again
    Once FilterRestart has returned a final status, NdisFRestartComplete belongs to no restart.
    Sources: NdisFRestartComplete; Bug Check 0x7C.
    Broken: an illegal completion; NDIS documents the miniport's case as bugcheck 0x7C with 0x1F.

    Scenario: FilterRestart succeeds after a pause
      Given a paused filter module
      When NDIS restarts the filter module
      Then the filter completes the restart exactly once
      And the filter module is Running

    @needs-originatesSends
    Scenario: Traffic after a restart does not complete it again
      Given a newly attached filter module
      And an application has a handle on the filter
      When NDIS restarts the filter module
      And the application writes 3 frames to its handle
      And the protocol sends 2 frames
      Then the filter completes the restart exactly once
