Feature: PnP and power events
  NetPnP events travel upward through FilterNetPnPEvent, device PnP events downward through FilterDevicePnPEventNotify.
  In each direction the filter is a link of the chain.

  @PNP-01
  Rule: FilterNetPnPEvent finishes before it returns, with NDIS_STATUS_SUCCESS or NDIS_STATUS_FAILURE
    NDIS_STATUS_PENDING does not exist here. A failure means something only for the two queries, removal and power.
    Sources: FILTER_NET_PNP_EVENT callback; Filter Module PnP Event Notifications; NET_PNP_EVENT.
    Broken: bugcheck 0x7C with 0x25 and 0x12 (FILTER_NETPNPEVENT).

    Scenario Outline: The filter has nothing against <event>
      Given a running filter module
      When NDIS sends <event>
      Then the event succeeds
      And rule PNP-01 is put to the test

      Examples:
        | event                      |
        | NetEventQueryRemoveDevice  |
        | NetEventCancelRemoveDevice |
        | NetEventQueryPower         |
        | NetEventReconfigure        |

    Scenario: An event reaches a paused module
      Given a paused filter module
      When NDIS sends NetEventReconfigure
      Then the event succeeds
      And rule PNP-01 is put to the test

  @PNP-02 @C6
  Rule: The filter forwards NetPnP events upward, from inside the handler, and returns what it is told
    The callback's page leaves it to the filter, the removal pages demand it for query-remove and cancel-remove. The
    reading taken: every event is forwarded, and the answer of the drivers above is the filter's own answer. Sources:
    FILTER_NET_PNP_EVENT callback; NdisFNetPnPEvent; Removing a NIC.
    Broken: the protocols miss removal and sleep, a veto is lost (hang, bugcheck 0x9F).

    Scenario Outline: The protocol hears of <event>
      Given a running filter module
      When NDIS sends <event>
      Then <event> reaches the protocol

      Examples:
        | event                      |
        | NetEventQueryRemoveDevice  |
        | NetEventCancelRemoveDevice |
        | NetEventQueryPower         |

    Scenario: The veto of a protocol is passed on
      Given a running filter module
      And the protocol vetoes removal and sleep
      When NDIS sends NetEventQueryRemoveDevice
      Then the event fails
      And rule PNP-02 is put to the test

    @needs-stackedFilters
    Scenario: An event passes two modules of the driver
      Given adapter "A" carries two modules of the filter driver
      And a running filter module
      When NDIS sends NetEventQueryRemoveDevice
      Then NetEventQueryRemoveDevice reaches the protocol
      And rule PNP-02 is put to the test

  @PNP-03 @needs-systemSleep
  Rule: From NetEventSetPower on the filter starts nothing new, and does not wait in the handler for what is under way
    The event announces the low-power state. What is outstanding then comes back by itself. Sources: NET_PNP_EVENT;
    OID_PNP_SET_POWER.
    Broken: the system cannot fall asleep (bugcheck 0x9F, 0x7C with 0x12).

    @needs-holdCompletions @needs-originatesSends
    Scenario: The system goes to sleep while the miniport has an originated send
      Given the miniport of adapter "A" keeps its data path across sleep
      And a running filter module
      And the filter driver is of NDIS 6.30 or later
      And the miniport holds 1 send that the filter originated
      When the system goes to sleep
      Then NetEventSetPower reaches the protocol
      When the miniport completes all of them with NDIS_STATUS_LOW_POWER_STATE
      Then the miniport has no sends

    @needs-originatesSends
    Scenario: An application writes while the system sleeps
      Given a running filter module
      And an application has a handle on the filter
      When the system goes to sleep
      And the application writes a frame to its handle
      Then the filter originates nothing

  @PNP-04 @needs-systemSleep @needs-originatesSends
  Rule: Where NDIS does not pause for sleep, NetEventSetPower is the filter's own signal to stop and go
    With a miniport that keeps its data path and drivers of NDIS 6.30 and later the module stays Running across sleep.
    The filter stops by itself and accepts sends that come back with NDIS_STATUS_LOW_POWER_STATE. Sources:
    OID_PNP_SET_POWER; NET_PNP_EVENT.
    Broken: I/O to a device without power.

    Scenario: An application writes during sleep without pause
      Given the miniport of adapter "A" keeps its data path across sleep
      And a running filter module
      And the filter driver is of NDIS 6.30 or later
      And an application has a handle on the filter
      When the system goes to sleep
      And the application writes a frame to its handle
      Then the filter module is Running
      And the filter originates nothing

    Scenario: An application writes after sleep without pause
      Given the miniport of adapter "A" keeps its data path across sleep
      And a running filter module
      And the filter driver is of NDIS 6.30 or later
      And an application has a handle on the filter
      When the system goes to sleep
      And the system wakes up
      And the application writes a frame to its handle
      Then the write succeeds
      And the filter originates 1 send

  @PNP-05 @U8
  Rule: Clean-up that needs OID requests or indications is done on NetEventFilterPreDetach
    FilterDetach is too late for it: both paths are closed. Where exactly the event lies relative to the pause is not
    documented; here it comes right before FilterDetach. Sources: NET_PNP_EVENT.
    Broken: the adapter stays promiscuous after the filter has gone.

    Scenario: The event comes before FilterDetach
      Given a running filter module
      When the user disables adapter "A"
      Then the disabling succeeds
      And NDIS sends NetEventFilterPreDetach before it enters FilterDetach
      And the filter module is not attached

  @PNP-06
  Rule: The filter forwards device PnP events downward before its handler returns
    They are meant for the miniport. Sources: FILTER_DEVICE_PNP_EVENT_NOTIFY callback; NdisFDevicePnPEventNotify.
    Broken: the miniport is not told that its hardware has gone.

    Scenario Outline: The miniport hears of <event>
      Given a running filter module
      When the miniport is told <event>
      Then <event> reaches the miniport
      And rule PNP-06 is put to the test

      Examples:
        | event                                 |
        | NdisDevicePnPEventSurpriseRemoved     |
        | NdisDevicePnPEventPowerProfileChanged |

    Scenario: A paused module forwards the event too
      Given a paused filter module
      When the miniport is told NdisDevicePnPEventPowerProfileChanged
      Then NdisDevicePnPEventPowerProfileChanged reaches the miniport
