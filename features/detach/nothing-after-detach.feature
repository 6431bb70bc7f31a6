Feature: Nothing is originated after FilterDetach
  When the adapter is disabled its filter module is paused and detached. The application that had a handle knows nothing of it
  and writes on. FilterDetach is the last moment at which the module's NDIS handle means anything: what uses it afterwards
  follows a pointer into memory that belongs to somebody else.

  @DET-01
  Rule: FilterDetach has done its whole job when it returns
    It has no status, cannot be refused, and no call completes it later. After it no NDIS function is called with the
    module's handle and no handler works for the module.
    Sources: FILTER_DETACH callback; Detaching a Filter Module.
    Broken: a dead handle or context is used: bugcheck 0xD1, 0x3B or 0x50.

    Scenario: A module is detached
      Given a running filter module
      When the user disables adapter "A"
      Then the disabling succeeds
      And the filter module is not attached

    @needs-originatesSends
    Scenario: An application writes when its adapter has gone away
      Given a running filter module
      And an application has a handle on the filter of adapter "A"
      And adapter "A" was disabled
      When the application writes a frame to its handle
      Then the write does not succeed
      And the filter originates nothing
      And the system keeps running

    @needs-originatesSends
    Scenario: The application wrote before, and goes on writing
      Given a running filter module
      And an application has a handle on the filter
      When the application writes 3 frames to its handle
      And the user disables adapter "A"
      Then the disabling succeeds
      When the application writes 3 frames to its handle
      And the application writes 3 frames in one chain to its handle
      Then the write does not succeed
      And the filter originates nothing

    @needs-originatesSends
    Scenario: Two applications have handles on the module that goes away
      Given a running filter module
      And an application has a handle on the filter
      And another application has a handle on the filter
      And adapter "A" was disabled
      When the application writes a frame to its handle
      And the other application writes a frame to its handle
      Then the filter originates nothing
      And the system keeps running

    @needs-originatesReceives
    Scenario: An application asks for receives on a module that is gone
      Given a running filter module
      And an application has a handle on the filter
      And adapter "A" was disabled
      When the application asks the filter to indicate 2 receives
      Then the request does not succeed
      And the filter originates nothing

    @needs-originatesSends @needs-originatesFromTimers @needs-virtualTime
    Scenario: A timer that was armed before the detach comes due after it
      Given a running filter module
      And an application asked the filter to send a frame from a timer
      And adapter "A" was disabled
      When 60 seconds pass
      Then the filter originates nothing
      And the system keeps running

    @needs-originatesSends
    Scenario: The adapter is surprise-removed under a writing application
      Given a running filter module
      And an application has a handle on the filter
      When adapter "A" is surprise-removed
      And the application writes a frame to its handle
      Then the removal succeeds
      And the write does not succeed
      And the filter originates nothing

    @needs-originatesSends @needs-holdCompletions
    Scenario: The last send comes back, the module is detached, the application writes
      Given a running filter module
      And the miniport holds 1 send that the filter originated
      When the user disables adapter "A"
      And the miniport completes all of them
      Then the disabling succeeds
      When the application writes a frame to its handle
      Then the write does not succeed
      And the filter originates nothing

    @needs-originatesSends
    Scenario: An old handle is used when the adapter is back
      The module on the adapter is a new one with a new NDIS handle. Whether an old user-mode handle finds it is the driver's
      choice; the old module must not be heard of again.

      Given a running filter module
      And an application has a handle on the filter
      And adapter "A" was disabled and enabled again
      When the application writes a frame to its handle
      Then no rule is broken
      And the filter module is Running

    @needs-originatesSends
    Scenario: A new handle works when the adapter is back
      Given a running filter module
      And an application has a handle on the filter
      And adapter "A" was disabled and enabled again
      When another application opens a handle on the filter
      And the other application writes a frame to its handle
      Then the write succeeds
      And the filter originates 1 send

    @needs-userModeHandles
    Scenario: The handle is closed when its module is gone
      Given a running filter module
      And an application has a handle on the filter
      And adapter "A" was disabled
      When the application closes its handle
      Then the request succeeds
      And no rule is broken

    @needs-userModeHandles
    Scenario: An application looks for a module that is gone
      Given a detached filter module
      When an application opens a handle on the filter
      Then the filter originates nothing
      And the system keeps running

    @needs-originatesSends
    Scenario: A module goes away while another adapter keeps its own
      Given a running filter module on adapter "A"
      And a running filter module on adapter "B"
      And application "on A" has a handle on the filter of adapter "A"
      And application "on B" has a handle on the filter of adapter "B"
      When the user disables adapter "A"
      And application "on A" writes a frame to its handle
      And application "on B" writes a frame to its handle
      Then the filter originates nothing on adapter "A"
      And the filter originates 1 send on adapter "B"

  @DET-06
  Rule: No status indication is made after FilterDetach
    Nor any other call with the handle of the module.
    Sources: NdisFIndicateStatus.
    Broken: bugcheck 0xD1 or 0x3B.

    @needs-originatesStatus
    Scenario: An application asks for a status indication on a module that is gone
      Given a running filter module
      And an application has a handle on the filter
      And adapter "A" was disabled
      When the application asks the filter to indicate a status
      Then the request does not succeed
      And the filter originates nothing

    @needs-originatesStatus @needs-originatesFromTimers @needs-virtualTime
    Scenario: A timer that was to indicate a status comes due after the detach
      Given a running filter module
      And an application asked the filter to indicate a status from a timer
      And adapter "A" was disabled
      When 60 seconds pass
      Then the filter originates nothing
      And the system keeps running

    @needs-originatesOids
    Scenario: An application has a module that is gone query an OID
      Given a running filter module
      And an application has a handle on the filter
      And adapter "A" was disabled
      When the application asks the filter to issue an OID request
      Then the request does not succeed
      And the filter originates nothing

    @needs-originatesOids @needs-originatesFromWorkItems
    Scenario: A work item is to query an OID on a module that is gone
      Given a running filter module
      And an application has a handle on the filter
      And adapter "A" was disabled
      When the application asks the filter to issue an OID request from a work item
      Then the filter originates nothing
      And the system keeps running

    @needs-originatesStatus
    Scenario: A status is indicated before the detach and not after it
      Given a running filter module
      And an application has a handle on the filter
      When the application asks the filter to indicate a status
      Then the filter originates 1 status indication
      When the user disables adapter "A"
      And the application asks the filter to indicate a status
      Then the filter originates no status indications

    @needs-originatesStatus @needs-originatesOids
    Scenario: An old handle asks for status and OIDs when the adapter is back
      Given a running filter module
      And an application has a handle on the filter
      And adapter "A" was disabled and enabled again
      When the application asks the filter to indicate a status
      And the application asks the filter to issue an OID request
      Then no rule is broken
      And the system keeps running
