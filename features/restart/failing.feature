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
      And every allocation fails
      When NDIS restarts the filter module
      And the application writes a frame to its handle
      Then no rule is broken
      And the system keeps running
