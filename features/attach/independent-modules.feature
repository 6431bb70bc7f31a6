Feature: Several modules of one filter driver
  One driver image serves many modules: one or more on an adapter, and as many adapters as there are.

  @ATT-10
  Rule: Every filter module has a state of its own
    Modules are paused, restarted and detached one by one. What happens to one changes nothing for another.
    Sources: Characteristics of Filter Drivers; NDIS Driver Stack; Initializing a Filter Driver.
    Broken: traffic goes out through a module that is detached, or a running adapter falls silent.

    @needs-originatesSends
    Scenario: One adapter is paused while the other goes on sending
      Given a running filter module on adapter "A"
      And a running filter module on adapter "B"
      And application "on B" has a handle on the filter of adapter "B"
      When NDIS pauses the filter module of adapter "A"
      And application "on B" writes a frame to its handle
      Then the filter module of adapter "A" is Paused
      And the filter module of adapter "B" is Running
      And the write succeeds
      And the filter originates 1 send on adapter "B"

    Scenario: One adapter is paused while frames pass through the other
      Given a running filter module on adapter "A"
      And a running filter module on adapter "B"
      When NDIS pauses the filter module of adapter "A"
      And the protocol sends 3 frames on adapter "B"
      Then 3 sends come back with NDIS_STATUS_SUCCESS on adapter "B"
      And the filter module of adapter "B" is Running

    @needs-originatesSends
    Scenario: One adapter is restarted while the other stays paused
      Given a paused filter module on adapter "A"
      And a paused filter module on adapter "B"
      And an application has a handle on the filter of adapter "A"
      When NDIS restarts the filter module of adapter "B"
      And the application writes a frame to its handle
      Then the write does not succeed
      And the filter originates nothing on adapter "A"
      And the filter module of adapter "A" is Paused

    @needs-originatesSends
    Scenario: An application writes to the paused one of two adapters
      Given a running filter module on adapter "A"
      And a running filter module on adapter "B"
      And an application has a handle on the filter of adapter "A"
      When NDIS pauses the filter module of adapter "A"
      And the application writes a frame to its handle
      Then the write does not succeed
      And the filter originates nothing on adapter "A"
      And the filter originates nothing on adapter "B"

    @needs-originatesSends @needs-holdCompletions
    Scenario: What is outstanding on one adapter does not delay the pause of another
      Given a running filter module on adapter "A"
      And a running filter module on adapter "B"
      And the miniport holds 2 sends that the filter originated on adapter "B"
      When NDIS pauses the filter module of adapter "A"
      Then the filter module of adapter "A" is Paused
      When NDIS pauses the filter module of adapter "B"
      Then the pause is pending on adapter "B"
      When the miniport completes all of them on adapter "B"
      Then the filter module of adapter "B" is Paused

    Scenario: One adapter is disabled while the other carries traffic
      Given a running filter module on adapter "A"
      And a running filter module on adapter "B"
      When the user disables adapter "A"
      And the protocol sends 2 frames on adapter "B"
      Then the disabling succeeds
      And the filter module of adapter "A" is not attached
      And 2 sends come back with NDIS_STATUS_SUCCESS on adapter "B"

    @needs-stackedFilters
    Scenario: The upper of two modules on one adapter is removed
      Given adapter "A" carries two modules of the filter driver
      And a running filter module
      When the upper module of the filter driver is removed
      Then the removal succeeds
      And the lower filter module is Running
      When the protocol sends 2 frames
      Then 2 sends come back with NDIS_STATUS_SUCCESS

    @needs-stackedFilters @needs-holdCompletions
    Scenario: Two modules on one adapter pass the same frames
      Given adapter "A" carries two modules of the filter driver
      And a running filter module
      When the protocol sends 2 frames
      Then 2 sends come back with NDIS_STATUS_SUCCESS
      When the miniport indicates 2 receives
      Then 2 receives go back to the miniport
      And no rule is broken
