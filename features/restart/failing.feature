Feature: A restart that fails
  Unlike a pause, a restart may fail. NDIS then detaches the module, and with a mandatory filter the stack goes down.

  @RST-11 @C10
  Rule: After a failed restart the module behaves as Paused
    No data, sends refused, the restart attributes as they were.
    Two pages differ on what follows: back to Paused, or detached by NDIS. The specification reads: Paused, then detached.
    Sources: FILTER_RESTART callback; Starting a Filter Module.
    Broken: what the failed restart left behind is used after the detach that follows.

    @needs-memoryPressure
    Scenario: There is no memory for a restart
      Given a newly attached filter module
      And every allocation fails
      When NDIS restarts the filter module
      Then no rule is broken
      And the system keeps running

    @needs-memoryPressure @needs-originatesSends
    Scenario: An application writes after a restart for which there was no memory
      Given a newly attached filter module
      And an application has a handle on the filter
      And the next memory allocation fails
      When NDIS restarts the filter module
      And the application writes a frame to its handle
      Then no rule is broken
      And the system keeps running

    @needs-memoryPressure @needs-lateTraffic
    Scenario: Traffic arrives after a restart for which there was no memory
      Given a newly attached filter module
      And the next memory allocation fails
      When NDIS restarts the filter module
      And the protocol sends 2 frames
      And the miniport indicates 2 receives
      Then no rule is broken
      And the system keeps running

    @needs-memoryPressure
    Scenario: The adapter is enabled again after a restart for which there was no memory
      Given a newly attached filter module
      And the next memory allocation fails
      When NDIS restarts the filter module
      And memory is available again
      And the user disables adapter "A"
      And the user enables adapter "A"
      Then the enabling succeeds
      And the filter module is Running
