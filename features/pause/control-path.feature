Feature: OID requests and status indications during a pause
  A pause concerns data. Whoever takes it for the end of all work blocks the stack that is being rebuilt.

  @PAU-16
  Rule: OID requests are handled in Pausing and in Paused
    Forwarded or answered as ever; the filter may issue its own.
    Sources: FILTER_PAUSE callback; Pausing a Filter Module; Filter Module States and Operations.
    Broken: the reconfiguration waits for the request (0x7C or 0x15E, 0x25/0x24).

    Scenario: The protocol queries an OID while the filter is paused
      Given a paused filter module
      When the protocol queries OID_GEN_STATISTICS
      Then the OID request comes back with NDIS_STATUS_SUCCESS

    Scenario: An OID is answered the same way before and during a pause
      Given a running filter module
      When the protocol queries OID_GEN_STATISTICS
      And NDIS pauses the filter module
      And the protocol queries OID_GEN_STATISTICS
      Then 2 OID requests come back with NDIS_STATUS_SUCCESS

    @needs-originatesSends @needs-holdCompletions
    Scenario: The protocol queries an OID while the filter is pausing
      Given a pausing filter module
      When the protocol queries OID_GEN_STATISTICS
      Then the OID request comes back with NDIS_STATUS_SUCCESS
      And the pause is pending

    @needs-holdCompletions
    Scenario: A forwarded OID request comes back after the pause
      Given a running filter module
      And the miniport holds an OID request from above
      When NDIS pauses the filter module
      Then the filter module is Paused
      When the miniport completes the OID request
      Then the OID request comes back with NDIS_STATUS_SUCCESS

    Scenario: The protocol queries an OID before the first restart
      Given a newly attached filter module
      When the protocol queries OID_GEN_STATISTICS
      Then the OID request comes back with NDIS_STATUS_SUCCESS

    @needs-originatesOids
    Scenario: An application has a paused filter query an OID
      Given a paused filter module
      And an application has a handle on the filter
      When the application asks the filter to issue an OID request
      Then the request succeeds
      And the filter originates 1 OID request

    @needs-originatesOids @needs-holdCompletions
    Scenario: An own OID request does not keep the pause pending
      Given a running filter module
      And the miniport holds an OID request that the filter originated
      When NDIS pauses the filter module
      Then the filter module is Paused
      When the miniport completes the OID request
      Then no rule is broken

  @PAU-17
  Rule: Status indications are handled in Pausing and in Paused
    Passed on as ever; the filter may indicate its own.
    Sources: FILTER_PAUSE callback; Pausing a Filter Module.
    Broken: the drivers above keep a stale link state.

    Scenario: The link state changes while the filter is paused
      Given a paused filter module
      When the miniport indicates NDIS_STATUS_LINK_STATE
      Then NDIS_STATUS_LINK_STATE reaches the protocol

    Scenario: The link state changes before and during a pause
      Given a running filter module
      When the miniport indicates NDIS_STATUS_LINK_STATE
      And NDIS pauses the filter module
      And the miniport indicates NDIS_STATUS_LINK_STATE
      Then the filter calls NdisFIndicateStatus 2 times

    @needs-originatesSends @needs-holdCompletions
    Scenario: The link state changes while the filter is pausing
      Given a pausing filter module
      When the miniport indicates NDIS_STATUS_LINK_STATE
      Then NDIS_STATUS_LINK_STATE reaches the protocol
      And the pause is pending

    Scenario: The link state changes before the first restart
      Given a newly attached filter module
      When the miniport indicates NDIS_STATUS_LINK_STATE
      Then NDIS_STATUS_LINK_STATE reaches the protocol

    @needs-originatesStatus
    Scenario: An application has a paused filter indicate a status
      Given a paused filter module
      And an application has a handle on the filter
      When the application asks the filter to indicate a status
      Then the request succeeds
      And the filter originates 1 status indication

    @needs-originatesStatus @needs-originatesSends @needs-holdCompletions
    Scenario: An application has a pausing filter indicate a status
      Given a pausing filter module
      When the application asks the filter to indicate a status
      Then the request succeeds
      And the filter originates 1 status indication
