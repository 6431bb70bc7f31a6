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
      And the miniport completes the OID request
      Then the OID request comes back with NDIS_STATUS_SUCCESS
      And the filter module is Paused

    Scenario: The protocol queries an OID before the first restart
      Given a newly attached filter module
      When the protocol queries OID_GEN_STATISTICS
      Then the OID request comes back with NDIS_STATUS_SUCCESS

    @exhibit
    Scenario: A filter may query an OID while it is paused
      Given the filter driver "reference"
      And a paused filter module
      And an application has a handle on the filter
      When the application asks the filter to issue an OID request
      Then the filter originates 1 OID request
      And no rule is broken

    @exhibit
    Scenario: A filter need not wait for its own OID request before its pause completes
      Given the filter driver "reference"
      And a running filter module
      And the miniport holds an OID request that the filter originated
      When NDIS pauses the filter module
      Then the filter module is Paused
      When the miniport completes the OID request
      Then no rule is broken

    @needs-originatesOids
    Scenario: An application asks a paused filter for an OID request
      Given a paused filter module
      And an application has a handle on the filter
      When the application asks the filter to issue an OID request
      Then no rule is broken
      And the filter module is Paused

    @needs-originatesOids @needs-holdCompletions
    Scenario: An own OID request is with the miniport when the filter is paused
      Given a running filter module
      And the miniport holds an OID request that the filter originated
      When NDIS pauses the filter module
      And the miniport completes the OID request
      Then the filter module is Paused
      And no rule is broken

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
      And the miniport indicates NDIS_STATUS_LINK_STATE
      And NDIS pauses the filter module
      And the miniport indicates NDIS_STATUS_LINK_STATE
      Then NDIS_STATUS_LINK_STATE reaches the protocol 3 times

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

    @exhibit
    Scenario: A filter may indicate a status while it is paused
      Given the filter driver "reference"
      And a paused filter module
      And an application has a handle on the filter
      When the application asks the filter to indicate a status
      Then the filter originates 1 status indication
      And no rule is broken

    @exhibit
    Scenario: A filter may indicate a status while it is pausing
      Given the filter driver "reference"
      And a pausing filter module
      When the application asks the filter to indicate a status
      Then the filter originates 1 status indication
      And no rule is broken
