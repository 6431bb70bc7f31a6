Feature: May a filter originate OID requests and status indications while it is Paused?
  Yes, both, in Paused as well as in Restarting and Pausing, and it goes on handling those of others. Not while
  attaching, not in FilterDetach or after it, and no OID request in low power. Rules PAU-16, PAU-17, OO-01, DET-05.

  @needs-originatesOids
  Scenario: An OID request of a paused module
    Given a paused filter module
    When an application asks the filter to issue an OID request
    Then the filter was free to originate 1 OID request
    And no rule is broken

  @needs-originatesStatus
  Scenario: A status indication of a paused module
    Given a paused filter module
    When an application asks the filter to indicate a status
    Then the filter was free to originate 1 status indication
    And no rule is broken

  Scenario: OID requests and status of others at a paused module
    Given a paused filter module
    When the protocol queries OID_GEN_STATISTICS
    And the miniport indicates NDIS_STATUS_LINK_STATE
    Then the OID request comes back with NDIS_STATUS_SUCCESS
    And NDIS_STATUS_LINK_STATE reaches the protocol

  @needs-originatesOids @needs-originatesStatus
  Scenario: Neither for a module that has gone
    Given a running filter module
    And an application has a handle on the filter
    And adapter "A" was disabled
    When the application asks the filter to indicate a status
    And the application asks the filter to issue an OID request
    Then the filter originates nothing
