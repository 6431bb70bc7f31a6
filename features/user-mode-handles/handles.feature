@needs-userModeHandles
Feature: User-mode handles
  The control device belongs to the driver, not to a filter module. A handle that an application opened on it survives
  pause, detach and attach; what it was bound to does not.

  @DEV-03
  Rule: A handle finds its filter module anew for each request, and detach breaks the tie
    Each request looks its module up under a lock and holds a reference for its duration. FilterDetach makes the module
    unreachable and waits for these references, not for the handle. No page says so; it follows from
    NdisRegisterDeviceEx taking the driver's handle. Sources: NdisRegisterDeviceEx; Filter Driver Characteristics; issue
    97 of xdp-for-windows.
    Broken: NDIS is called with the handle of a module that was freed (bugcheck 0x3B, 0x50, 0xD1).

    @needs-originatesSends
    Scenario: An application still holds a handle when its adapter goes away
      Given a running filter module
      And an application has a handle on the filter
      And adapter "A" was disabled
      When the application writes a frame to its handle
      Then the write does not succeed
      And the filter originates nothing
      And the system keeps running

    @needs-originatesSends
    Scenario: An old handle is used after the adapter came back
      Given a running filter module
      And an application has a handle on the filter
      And adapter "A" was disabled and enabled again
      When the application writes a frame to its handle
      And NDIS pauses the filter module
      Then the filter module is Paused
      And the system keeps running

    @needs-originatesSends
    Scenario: A handle opened after the adapter came back knows nothing of the old module
      Given a running filter module
      And an application has a handle on the filter
      And adapter "A" was disabled and enabled again
      When another application opens a handle on the filter
      And the other application writes a frame to its handle
      Then the write succeeds
      And the filter originates 1 send

    @needs-originatesOids
    Scenario: A handle opened while the adapter is disabled finds no dead module
      Given a running filter module
      And an application has a handle on the filter
      And adapter "A" was disabled
      When another application opens a handle on the filter
      And the other application asks the filter to issue an OID request
      Then the request does not succeed
      And the filter originates nothing

    @needs-originatesSends
    Scenario: The other adapter is disabled
      Given a running filter module
      And a running filter module on adapter "B"
      And an application has a handle on the filter on adapter "B"
      And adapter "A" was disabled
      When the application writes a frame to its handle
      Then the write succeeds
      And the filter originates 1 send on adapter "B"

    @needs-scheduleControl @needs-originatesSends
    Scenario: A write is on its way into NDIS while the adapter is disabled
      Given a running filter module
      And a write of the application has stopped before NdisFSendNetBufferLists
      When the user disables adapter "A"
      Then the disabling is pending
      When the stopped thread goes on
      Then the disabling succeeds
      And the system keeps running

    @needs-scheduleControl
    Scenario Outline: A request has come as far as <call> when the adapter is disabled
      Given a running filter module
      And an application has a handle on the filter
      And the driver will stop before it calls <call>
      When the application asks the filter to <request>
      And the user disables adapter "A"
      Then the disabling is pending
      When the stopped thread goes on
      Then the disabling succeeds
      And the system keeps running

      @needs-originatesReceives
      Examples:
        | request            | call                               |
        | indicate 1 receive | NdisFIndicateReceiveNetBufferLists |

      @needs-originatesOids
      Examples:
        | request              | call            |
        | issue an OID request | NdisFOidRequest |

      @needs-originatesStatus
      Examples:
        | request           | call                |
        | indicate a status | NdisFIndicateStatus |

    @needs-originatesSends
    Scenario: An application closes its handle after the adapter has gone
      Given a running filter module
      And an application has a handle on the filter
      And adapter "A" was disabled
      When the application closes its handle
      Then the request succeeds
      And the system keeps running

  @DEV-04
  Rule: A request for data on a module that is not Running is failed or parked, and nothing is sent
    Which of the two is the driver's choice. A parked request can be cancelled and holds up neither pause nor detach.
    Sources: Pausing a Filter Module; Detaching a Filter Module.
    Broken: a process that cannot end, a pause or detach that never completes (bugcheck 0x9F, 0x7C with 0x25).

    @needs-originatesSends
    Scenario Outline: An application writes to a <state> filter module
      Given a <state> filter module
      When an application writes a frame to its handle
      Then the write does not succeed
      And the filter originates nothing
      And rule DEV-04 is put to the test

      Examples:
        | state          |
        | newly attached |
        | paused         |

      @needs-holdCompletions
      Examples:
        | state   |
        | pausing |

    @needs-originatesSends
    Scenario: A refused write does not hold up detach
      Given a paused filter module
      And an application has a handle on the filter
      When the application writes a frame to its handle
      And the user disables adapter "A"
      Then the disabling succeeds
      And the filter module is not attached

    @needs-originatesSends
    Scenario: A refused write does not spoil the writes after the restart
      Given a paused filter module
      And an application has a handle on the filter
      When the application writes a frame to its handle
      And NDIS restarts the filter module
      And the application writes a frame to its handle
      Then the write succeeds
      And rule DEV-04 is put to the test

    @needs-originatesReceives
    Scenario: An application asks a paused module for a receive
      Given a paused filter module
      When an application asks the filter to indicate 1 receive
      Then the request does not succeed
      And the filter originates nothing

    @needs-originatesSends
    Scenario: An application cancels what a paused module could not do
      Given a paused filter module
      And an application has a handle on the filter
      When the application writes a frame to its handle
      And the application cancels its requests
      And the application closes its handle
      Then the filter originates nothing
      And the filter module is Paused

  @DEV-05
  Rule: An open handle does not hold up detach
    What FilterDetach waits for are requests under way, never the life of a handle. An application that does nothing
    must not be able to keep the adapter. Sources: Detaching a Filter Module; issue 542 of npcap.
    Broken: disabling the adapter hangs (bugcheck 0x7C with 0x25 and 0x14).

    Scenario: Two applications sit on their handles
      Given a running filter module
      And an application has a handle on the filter
      And another application has a handle on the filter
      When the user disables adapter "A"
      Then the disabling succeeds
      And the filter module is not attached

    @needs-originatesSends
    Scenario: An application has used its handle and keeps it
      Given a running filter module
      And an application has a handle on the filter
      When the application writes 2 frames to its handle
      And the user disables adapter "A"
      Then the disabling succeeds
      And the filter module is not attached
