Feature: The control path at the end of a module's life
  OID requests and status indications work as long as the module is attached, and not a moment longer. Last wishes belong into
  FilterNetPnPEvent with NetEventFilterPreDetach.

  @DET-04
  Rule: No OID request of the module is outstanding when FilterDetach returns
    The filter waits for it, in FilterDetach or better before it, or cancels it and waits for that; a cancelled request has to
    come back, too. Of a synchronous request the documentation says so. NDIS may itself wait for regular and direct ones before
    it calls FilterDetach, so a filter that leaves that to NDIS breaks the rule in its strict reading only.
    Sources: NdisFSynchronousOidRequest; FILTER_OID_REQUEST_COMPLETE callback.
    Broken: the request completes into freed memory: bugcheck 0xD1 or 0x3B.

    @needs-originatesSynchronousOids @needs-holdCompletions
    Scenario: A thread is inside a synchronous OID request when the adapter is disabled
      Given a running filter module
      And the miniport holds a synchronous OID request that the filter originated
      When the user disables adapter "A"
      Then the disabling is pending
      When the miniport completes the OID request
      Then the disabling succeeds
      And rule DET-04 is put to the test
      And no rule is broken

    @needs-originatesSynchronousOids @needs-holdCompletions
    Scenario: A thread is inside a synchronous OID request when a paused module is detached
      Given a running filter module
      And the miniport holds a synchronous OID request that the filter originated
      When NDIS pauses the filter module
      Then the filter module is paused
      When NDIS detaches the filter module
      Then the detach is pending
      When the miniport completes the OID request
      Then the detach succeeds
      And no rule is broken

    @needs-originatesSynchronousOids
    Scenario: A synchronous OID request has come back before the adapter is disabled
      Given a running filter module
      And an application has a handle on the filter
      When the application asks the filter to issue a synchronous OID request
      Then the filter originates 1 OID request
      When the user disables adapter "A"
      Then the disabling succeeds
      And no rule is broken

    @needs-originatesOids @needs-holdCompletions
    Scenario: An own OID request is with the miniport when the adapter is disabled
      Given a running filter module
      And the miniport holds an OID request that the filter originated
      When the user disables adapter "A"
      And the miniport completes the OID request
      Then the disabling succeeds
      And the filter module is not attached

    @needs-originatesOids @needs-holdCompletions
    Scenario: An own OID request is with the miniport when a paused module is detached
      Given a running filter module
      And the miniport holds an OID request that the filter originated
      When NDIS pauses the filter module
      And NDIS detaches the filter module
      And the miniport completes the OID request
      Then the detach succeeds
      And no rule is broken

    @needs-originatesOids
    Scenario: An own OID request has come back before the adapter is disabled
      Given a running filter module
      And an application has a handle on the filter
      When the application asks the filter to issue an OID request
      And the user disables adapter "A"
      Then the disabling succeeds
      And no rule is broken

    @needs-originatesOids @needs-originatesFromWorkItems @needs-holdCompletions
    Scenario: An OID request of a work item is with the miniport when the adapter is disabled
      Given a running filter module
      And an application has a handle on the filter
      And the miniport keeps the OID requests it gets
      When the application asks the filter to issue an OID request from a work item
      And the user disables adapter "A"
      And the miniport completes the OID request
      Then the disabling succeeds
      And no rule is broken

  @DET-05 @C5
  Rule: FilterDetach originates neither OID requests nor status indications
    Both paths are closed by then. One page allows status indications until FilterDetach returns; the specification follows the
    page that closes the paths.
    Sources: NET_PNP_EVENT (NetEventFilterPreDetach); NdisFIndicateStatus; a shipped driver that learned it.
    Broken: the request fails or hangs the detach (0x7C or 0x15E, 0x25/0x14), and the adapter stays promiscuous.

    Scenario: A module is detached quietly
      Given a running filter module
      When the user disables adapter "A"
      Then the disabling succeeds
      And the filter originates nothing inside FilterDetach

    @needs-originatesOids
    Scenario: A module that has queried OIDs is detached quietly
      Given a running filter module
      And an application has a handle on the filter
      When the application asks the filter to issue an OID request
      And the user disables adapter "A"
      Then the disabling succeeds
      And the filter originates nothing inside FilterDetach

    @exhibit
    Scenario: A module may query OIDs until it is detached
      Given the filter driver "reference"
      And a paused filter module
      And an application has a handle on the filter
      When the application asks the filter to issue an OID request
      And NDIS detaches the filter module
      Then the filter originates 1 OID request
      And the detach succeeds
