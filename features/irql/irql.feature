Feature: IRQL
  Most of what a filter calls on the data path may be called up to DISPATCH_LEVEL, most of what belongs to its life only
  at PASSIVE_LEVEL.

  @IRQ-01
  Rule: Every NDIS function is called at an IRQL that its page allows
    PASSIVE_LEVEL only: registering and deregistering, NdisFSetAttributes, NdisFRestartComplete, NdisFNetPnPEvent,
    NdisFDevicePnPEventNotify, devices, configuration, NdisWaitEvent. Up to DISPATCH_LEVEL: data, OID requests, status,
    NdisFPauseComplete, NdisFRestartFilter. Sources: the IRQL given on the page of each function; the Irql rules of
    Static Driver Verifier.
    Broken: bugcheck 0xA, 0xD1, 0x7C with 0x14 (WAIT_EVENT_HIGH_IRQL).

    Scenario: A module lives its whole life
      Given a running filter module
      When NDIS pauses the filter module
      And NDIS detaches the filter module
      And Windows unloads the filter driver
      Then the unload succeeds
      And rule IRQ-01 is put to the test

    @needs-holdCompletions @needs-originatesSends
    Scenario Outline: The last send comes back at <irql> and the pause is completed there
      Given a pausing filter module
      When the miniport completes all of them at <irql>
      Then the filter completes the pause exactly once
      And the filter module is Paused
      And rule IRQ-01 is put to the test

      Examples:
        | irql           |
        | PASSIVE_LEVEL  |
        | DISPATCH_LEVEL |

    @needs-holdCompletions @needs-originatesReceives
    Scenario Outline: The last receive comes back at <irql> and the pause is completed there
      Given a running filter module
      And the protocol holds 1 receive that the filter originated
      When NDIS pauses the filter module
      And the protocol returns all of them at <irql>
      Then the filter completes the pause exactly once
      And the filter module is Paused

      Examples:
        | irql           |
        | PASSIVE_LEVEL  |
        | DISPATCH_LEVEL |

    Scenario Outline: Everything that NDIS may do at <irql> passes through
      Given a running filter module
      When the protocol sends 2 frames at <irql>
      And the miniport indicates NDIS_STATUS_LINK_STATE
      Then 2 sends come back
      And NDIS_STATUS_LINK_STATE reaches the protocol
      And rule IRQ-01 is put to the test

      Examples:
        | irql           |
        | PASSIVE_LEVEL  |
        | DISPATCH_LEVEL |

    @needs-originatesFromTimers @needs-virtualTime
    Scenario: A timer callback sends at DISPATCH_LEVEL
      Given a running filter module
      And an application asked the filter to send a frame from a timer
      When 5 seconds pass
      Then the filter originates 1 send
      And rule IRQ-01 is put to the test

  @IRQ-02
  Rule: A handler returns at the IRQL at which it was entered
    Raising and lowering come in pairs, also on the way out through an error. A spin lock that is not released leaves
    the IRQL raised. Sources: FILTER_SYNCHRONOUS_OID_REQUEST callback; Dispatch IRQL Tracking.
    Broken: the caller goes on at the wrong IRQL (bugcheck 0xA, 0xD1, a machine that stands still).

    Scenario: NDIS pauses a module with nothing outstanding
      Given a running filter module
      When NDIS pauses the filter module
      Then the filter completes the pause exactly once
      And rule IRQ-02 is put to the test

    @needs-lateTraffic
    Scenario: A frame at PASSIVE_LEVEL is refused
      Given a paused filter module
      When the protocol sends a frame at PASSIVE_LEVEL
      Then 1 send comes back with NDIS_STATUS_PAUSED
      And rule IRQ-02 is put to the test

    @needs-memoryPressure @needs-originatesSends
    Scenario: A write fails for lack of memory
      Given a running filter module
      And an application has a handle on the filter
      And every allocation fails
      When the application writes a frame to its handle
      Then the system keeps running
      And rule IRQ-02 is put to the test
