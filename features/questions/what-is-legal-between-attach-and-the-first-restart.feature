Feature: What is legal between FilterAttach and the first FilterRestart?
  Exactly what is legal in Paused: OID requests and status, own and of others, PnP events, handles of applications;
  sends are refused, receives returned or passed up. No data of the filter's own. And FilterDetach may come without any
  restart. Rules ATT-05, ATT-06, DET-02.

  @needs-originatesOids @needs-originatesStatus
  Scenario: Control traffic of a newly attached module
    Given a newly attached filter module
    When an application asks the filter to issue an OID request
    And the application asks the filter to indicate a status
    Then the filter was free to originate 1 OID request
    And the filter was free to originate 1 status indication
    And no rule is broken

  @needs-originatesSends @needs-originatesReceives
  Scenario: Data of a newly attached module
    Given a newly attached filter module
    When an application writes a frame to its handle
    And the application asks the filter to indicate 1 receive
    Then the filter originates nothing

  Scenario: OID requests and status reach a newly attached module
    Given a newly attached filter module
    When the protocol queries OID_GEN_STATISTICS
    And the miniport indicates NDIS_STATUS_LINK_STATE
    Then the OID request comes back with NDIS_STATUS_SUCCESS
    And NDIS_STATUS_LINK_STATE reaches the protocol

  Scenario: A module is detached that was never restarted
    Given a newly attached filter module
    When NDIS detaches the filter module
    Then the filter module is not attached
    And FilterPause is entered 0 times
    And no rule is broken
