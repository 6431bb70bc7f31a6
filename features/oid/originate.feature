@needs-originatesOids
Feature: Originating OID requests
  A filter may ask the miniport something on its own account with NdisFOidRequest. The control path stays open while the
  data path is paused, but it has its limits: attach, detach and low power.

  @OO-01
  Rule: A filter originates OID requests from Paused to Pausing, but not in attach, in detach, after it, or in low power
    Both ends matter: before FilterAttach has returned and from the entry of FilterDetach on the path does not exist; in
    a low-power state the miniport cannot answer (said of protocols, taken for filters too). Sources: Generating OID
    Requests from an NDIS Filter Driver; NdisFOidRequest; NET_PNP_EVENT.
    Broken: the request hangs or fails, hardware is touched while it sleeps (bugcheck 0x9F).

    Scenario Outline: An application asks for an OID request while the filter module is <state>
      Given a <state> filter module
      When an application asks the filter to issue an OID request
      Then the filter was free to originate 1 OID request
      And no rule is broken

      Examples:
        | state          |
        | running        |
        | newly attached |
        | paused         |

      @needs-holdCompletions
      Examples:
        | state   |
        | pausing |

    Scenario: An application asks for an OID request after its adapter was disabled
      Given a running filter module
      And an application has a handle on the filter
      And adapter "A" was disabled
      When the application asks the filter to issue an OID request
      Then the request does not succeed
      And the filter originates nothing

    Scenario: An application opens a handle on an adapter that was disabled
      Given a running filter module
      And an application has a handle on the filter
      And adapter "A" was disabled
      When another application opens a handle on the filter
      Then the filter originates nothing
      And the system keeps running

    Scenario: Disabling the adapter makes the filter originate nothing from FilterDetach
      Given a running filter module
      When the user disables adapter "A"
      Then the disabling succeeds
      And the filter module is not attached
      And rule OO-01 is put to the test

    @needs-systemSleep
    Scenario: An application asks for an OID request while the system sleeps
      Given a running filter module
      And the filter has a handler FilterNetPnPEvent
      And an application has a handle on the filter
      When the system goes to sleep
      And the application asks the filter to issue an OID request
      Then the filter originates nothing

    @needs-systemSleep
    Scenario: An application asks for an OID request while its module sleeps without a pause
      Given the miniport of adapter "A" keeps its data path across sleep
      And a running filter module
      And the filter driver is of NDIS 6.30 or later
      And the filter has a handler FilterNetPnPEvent
      And an application has a handle on the filter
      When the system goes to sleep
      And the application asks the filter to issue an OID request
      Then the filter module is Running
      And the filter originates nothing

    @needs-systemSleep
    Scenario: An application asks for an OID request after the system woke up
      Given a running filter module
      And an application has a handle on the filter
      When the system goes to sleep
      And the system wakes up
      Then the filter module is Running
      When the application asks the filter to issue an OID request
      Then the request succeeds
      And the filter originates 1 OID request

  @OO-02 @needs-holdCompletions
  Rule: The request and its buffer stay alive and untouched until the request is complete
    They are non-paged, have a valid header and outlive the function that issued them, and the application that asked
    for them. Sources: NDIS_OID_REQUEST; NdisFOidRequest.
    Broken: the miniport reads or writes freed memory (bugcheck 0x50, 0xD1, 0x7C with 0x21).

    Scenario: An application closes its handle while the miniport has the filter's request
      Given a running filter module
      And the miniport holds an OID request that the filter originated
      When the application closes its handle
      Then the miniport has 1 OID request
      When the miniport completes the OID request
      Then rule OO-02 is put to the test
      And the system keeps running

    Scenario: A second request is issued while the first is with the miniport
      Given a running filter module
      And the miniport holds an OID request that the filter originated
      When another application asks the filter to issue an OID request
      And the miniport completes the OID requests
      Then the miniport has no OID requests
      And the system keeps running

  @OO-03
  Rule: The filter consumes the completion of its own request, and does not complete it upward
    FilterOidRequestComplete is called for own requests and for clones alike. Only a clone has an original above.
    Sources: Generating OID Requests from an NDIS Filter Driver; NdisFOidRequest; FILTER_OID_REQUEST_COMPLETE callback.
    Broken: NDIS or the protocol is told of a request it never made (bugcheck 0xD1, 0x3B).

    Scenario: The miniport answers the filter's request later
      Given a running filter module
      And the miniport completes OID requests later
      When an application asks the filter to issue an OID request
      Then the filter never calls NdisFOidRequestComplete
      And the request succeeds
      And rule OO-03 is put to the test

    Scenario: The miniport answers the filter's request inside the call
      Given a running filter module
      And the miniport completes OID requests inside the call
      When an application asks the filter to issue an OID request
      Then the filter never calls NdisFOidRequestComplete
      And the request succeeds

    @needs-holdCompletions
    Scenario: An own request and one from above are with the miniport at the same time
      Given a running filter module
      And the miniport keeps the OID requests it gets
      And an application has a handle on the filter
      When the application asks the filter to issue an OID request
      And the protocol queries OID_GEN_STATISTICS
      Then the OID request is pending
      When the miniport completes the OID requests
      Then the OID request comes back with NDIS_STATUS_SUCCESS
      And rule OO-03 is put to the test

    Scenario: The miniport refuses the filter's request
      Given a running filter module
      And the miniport completes OID requests later
      And the miniport completes OID requests with NDIS_STATUS_NOT_SUPPORTED
      When an application asks the filter to issue an OID request
      Then the filter never calls NdisFOidRequestComplete
      And rule OO-03 is put to the test
