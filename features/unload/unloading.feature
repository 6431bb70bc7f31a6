Feature: Unloading a filter driver
  When the service is stopped, DriverUnload tells NDIS to forget the driver. Whatever is still attached is paused and detached
  inside that call.

  @UNL-01
  Rule: DriverUnload deregisters the filter driver exactly once
    NdisFDeregisterFilterDriver, with the handle of the driver, at PASSIVE_LEVEL.
    Sources: Unloading a Filter Driver; NdisFDeregisterFilterDriver.
    Broken: NDIS calls code that is no longer there.

    Scenario: A driver without modules is unloaded
      Given the filter driver is loaded
      When Windows unloads the filter driver
      Then the filter calls NdisFDeregisterFilterDriver exactly once
      And the unload succeeds

    Scenario: A driver with a running module is unloaded
      Given a running filter module
      When Windows unloads the filter driver
      Then the filter calls NdisFDeregisterFilterDriver exactly once
      And the unload succeeds
      And the filter module is not attached

    Scenario: A driver whose adapters have all gone is unloaded
      Given a detached filter module
      When Windows unloads the filter driver
      Then the filter calls NdisFDeregisterFilterDriver exactly once
      And the unload succeeds

  @UNL-02
  Rule: What the handlers need outlives NdisFDeregisterFilterDriver
    FilterPause and FilterDetach run inside it: locks, lists and global context are freed when it has returned.
    Sources: Unloading a Filter Driver.
    Broken: bugcheck 0xD1 or 0x50 when the driver is stopped or upgraded.

    Scenario: Running modules of two adapters are detached by the unload
      Given a running filter module on adapter "A"
      And a running filter module on adapter "B"
      When Windows unloads the filter driver
      Then the unload succeeds
      And FilterDetach is entered 2 times
      And the system keeps running

    Scenario: A paused module is detached by the unload
      Given a paused filter module
      When Windows unloads the filter driver
      Then the unload succeeds
      And FilterDetach is entered 1 time
      And the system keeps running

    @needs-originatesSends @needs-holdCompletions
    Scenario: A module with sends outstanding is detached by the unload
      Given a running filter module
      And the miniport holds 2 sends that the filter originated
      When the application closes its handle
      And Windows unloads the filter driver
      Then the unload is pending
      When the miniport completes all of them
      Then the unload succeeds
      And the system keeps running

  @UNL-04
  Rule: No NBL that the driver allocated or holds is alive when it deregisters
    Own ones are freed, those of others are given back.
    Sources: Bug Check 0x7C (0x27, LEAKED_NBL).
    Broken: NDIS finds them and stops the system (0x7C, 0x27).

    @needs-originatesSends
    Scenario: A driver that sent is unloaded
      Given a running filter module
      And an application has a handle on the filter
      When the application writes 3 frames to its handle
      And the application closes its handle
      And Windows unloads the filter driver
      Then the unload succeeds
      And no rule is broken

    @needs-originatesReceives
    Scenario: A driver that indicated receives is unloaded
      Given a running filter module
      And an application has a handle on the filter
      When the application asks the filter to indicate 3 receives
      And the application closes its handle
      And Windows unloads the filter driver
      Then the unload succeeds
      And no rule is broken

    @needs-holdsReceives
    Scenario: A driver that holds receives is unloaded
      Given a running filter module
      And the filter holds 2 receives from below
      When the application closes its handle
      And Windows unloads the filter driver
      Then the unload succeeds
      And 2 receives go back to the miniport
      And rule PAU-10 is put to the test

    Scenario: A driver that only passed traffic is unloaded
      Given a running filter module
      When the protocol sends 3 frames
      And the miniport indicates 3 receives
      And Windows unloads the filter driver
      Then the unload succeeds
      And no rule is broken
