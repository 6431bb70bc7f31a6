Feature: While a filter module is restarting
  Between the entry of FilterRestart and its final status the layers around the module are still coming up. Data waits;
  OID requests and status indications do not.

  @RST-04
  Rule: A restarting module originates no sends
    The drivers below may not be able to take them yet.
    Sources: Starting a Filter Module.
    Broken: the NBL comes back with NDIS_STATUS_PAUSED, or is lost.

    Scenario: FilterRestart sends nothing of its own
      Given a newly attached filter module
      When NDIS restarts the filter module
      Then the filter originates no sends
      And the filter originates no receives

    @needs-originatesSends @needs-scheduleControl
    Scenario: An application writes while FilterRestart is at work
      Given a restarting filter module
      And an application has a handle on the filter
      When the application writes a frame to its handle
      Then the write does not succeed
      And the filter originates nothing

    @needs-originatesFromTimers @needs-scheduleControl @needs-virtualTime
    Scenario: A timer that wants to send fires while FilterRestart is at work
      Given a restarting filter module
      And an application asked the filter to send a frame from a timer
      When 60 seconds pass
      Then the filter originates no sends

  @RST-06
  Rule: What arrives during a restart goes back at once
    Sends from above are completed with NDIS_STATUS_PAUSED, receives from below are returned; a copy of a receive may be kept.
    Sources: Starting a Filter Module.
    Broken: data of one epoch turns up in the next.

    @needs-lateTraffic @needs-scheduleControl
    Scenario: A driver above sends while FilterRestart is at work
      Given a restarting filter module
      And the filter has a handler FilterSendNetBufferLists
      When the protocol sends 3 frames
      Then 3 sends come back with NDIS_STATUS_PAUSED
      And the filter passes no sends down

    @needs-lateTraffic @needs-scheduleControl
    Scenario: The miniport indicates receives while FilterRestart is at work
      Given a restarting filter module
      When the miniport indicates 2 receives
      Then 2 receives go back to the miniport
      And the filter has no receives from below in its hands

  @RST-07
  Rule: OID requests and status indications work during a restart
    The filter forwards or answers them, and may issue its own.
    Sources: Starting a Filter Module; Filter Module States and Operations; NdisFOidRequest.
    Broken: the stack start waits for a request that waits for the stack start.

    @needs-scheduleControl
    Scenario: An OID request arrives during a restart
      Given a restarting filter module
      When the protocol queries OID_GEN_STATISTICS
      Then the OID request comes back with NDIS_STATUS_SUCCESS

    @needs-scheduleControl
    Scenario: A status indication arrives during a restart
      Given a restarting filter module
      When the miniport indicates NDIS_STATUS_LINK_STATE
      Then NDIS_STATUS_LINK_STATE reaches the protocol

    @needs-scheduleControl @needs-originatesOids
    Scenario: An application has the filter query an OID during a restart
      Given a restarting filter module
      And an application has a handle on the filter
      When the application asks the filter to issue an OID request
      And the stopped thread goes on
      Then no rule is broken
      And the filter module is Running

    @needs-scheduleControl
    Scenario: An OID is answered the same way during a restart and after it
      Given a restarting filter module
      When the protocol queries OID_GEN_STATISTICS
      And the stopped thread goes on
      And the protocol queries OID_GEN_STATISTICS
      Then 2 OID requests come back with NDIS_STATUS_SUCCESS

    @needs-scheduleControl
    Scenario: The link state changes during a restart and after it
      Given a restarting filter module
      When the miniport indicates NDIS_STATUS_LINK_STATE
      And the stopped thread goes on
      And the miniport indicates NDIS_STATUS_LINK_STATE
      Then NDIS_STATUS_LINK_STATE reaches the protocol 2 times
