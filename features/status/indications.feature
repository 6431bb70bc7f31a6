Feature: Status indications
  A status travels upward: from the miniport, or from a filter, to every driver above. It has nothing to do with the
  data path and does not stop when that is paused.

  @ST-01
  Rule: The filter forwards status indications in every state from Paused to Pausing, and does not wait
    It may change one or drop one on purpose, but not because the module is paused. FilterStatus can run at
    DISPATCH_LEVEL. Sources: Filter Module Status Indications; FILTER_STATUS callback; NdisFIndicateStatus.
    Broken: the drivers above believe in a link state that is no more; bugcheck 0x7C with 0x25 and 0x13 when
    FilterStatus waits.

    Scenario Outline: The link state changes above a <state> filter module
      Given a <state> filter module
      When the miniport indicates NDIS_STATUS_LINK_STATE
      Then NDIS_STATUS_LINK_STATE reaches the protocol

      Examples:
        | state          |
        | running        |
        | paused         |
        | newly attached |

      @needs-holdCompletions
      Examples:
        | state   |
        | pausing |

      @needs-scheduleControl
      Examples:
        | state      |
        | restarting |

    @needs-stackedFilters
    Scenario: The link state changes below two modules of the driver
      Given adapter "A" carries two modules of the filter driver
      And a running filter module
      When the miniport indicates NDIS_STATUS_LINK_STATE
      Then NDIS_STATUS_LINK_STATE reaches the protocol

  @ST-02 @needs-originatesStatus
  Rule: An indication that the filter originates is well formed and names the filter as its source
    Header, buffer and length fit the status code; SourceHandle is the NdisFilterHandle; a RequestId goes with a
    DestinationHandle. Sources: Filter Module Status Indications; NdisFIndicateStatus; NDIS_STATUS_INDICATION.
    Broken: bugcheck 0x7C with 0x20 (STATUS_INDICATION_INVALID_BUFFER) or 0x21.

    Scenario: An application asks for a status indication
      Given a running filter module
      When an application asks the filter to indicate a status
      Then the request succeeds
      And the filter originates 1 status indication
      And rule ST-02 is put to the test

    Scenario: A status is indicated while the module is paused
      Given a paused filter module
      When an application asks the filter to indicate a status
      Then the filter was free to originate 1 status indication
      And rule ST-02 is put to the test

  @ST-03 @C3 @needs-originatesStatus
  Rule: No status is indicated before the module is attached, nor after it was detached
    The guide forbids it in Attaching, the page of NdisFIndicateStatus allows it once NdisFSetAttributes has returned.
    The reading taken: first after FilterAttach has returned success. Sources: Attaching a Filter Module; Filter Module
    Status Indications; NdisFIndicateStatus.
    Broken: bugcheck 0xD1.

    Scenario: Attaching a module indicates nothing
      Given adapter "A" is plugged in
      And the filter driver is loaded
      When NDIS attaches the filter module
      Then the attach succeeds
      And the filter originates nothing

    Scenario: A newly attached module may indicate status
      Given a newly attached filter module
      When an application asks the filter to indicate a status
      Then the filter was free to originate 1 status indication
      And no rule is broken

    Scenario: An application asks for a status indication after its adapter was disabled
      Given a running filter module
      And an application has a handle on the filter
      And adapter "A" was disabled
      When the application asks the filter to indicate a status
      Then the request does not succeed
      And the filter originates nothing
