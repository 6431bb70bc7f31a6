Feature: Monitoring or modifying: how does a filter step out of the data path?
  The type comes from the INF: a monitoring filter neither originates nor changes traffic, a modifying one may. A data
  handler that is NULL is skipped. At run time a filter changes its send and receive handlers by asking with
  NdisFRestartFilter and answering in FilterSetModuleOptions. All other handlers are fixed at registration. Rules SO-11,
  REG-12, CFG-01 and CFG-03.

  @needs-changesHandlers
  Scenario: Frames of others no longer pass a filter that has stepped out
    Given a running filter module
    And an application asked the filter to bypass the data path
    When the protocol sends 2 frames
    Then the filter passes no sends down
    And 2 sends come back with NDIS_STATUS_SUCCESS

  @needs-changesHandlers @needs-originatesSends @C9
  Scenario: A filter without a send handler still originates sends
    A comment in Microsoft's sample forbids it, the guide allows it as long as FilterSendNetBufferListsComplete is
    there. The reading taken: allowed.

    Given a running filter module
    And an application asked the filter to bypass the data path
    When the application writes a frame to its handle
    And NDIS pauses the filter module
    Then the filter originates 1 send
    And the filter module is Paused
    And no rule is broken

  @needs-changesHandlers
  Scenario: OID requests and status go through a filter that has stepped out
    Given a running filter module
    And an application asked the filter to bypass the data path
    When the protocol queries OID_GEN_STATISTICS
    And the miniport indicates NDIS_STATUS_LINK_STATE
    Then the OID request comes back with NDIS_STATUS_SUCCESS
    And NDIS_STATUS_LINK_STATE reaches the protocol
