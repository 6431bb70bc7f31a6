Feature: A pause waits for what the filter originated
  The miniport and the protocol have NBLs of the filter in their hands. They will give every one of them back; until they have,
  the filter must be there to take it.

  @PAU-11
  Rule: A pause stays pending while sends that the filter originated are outstanding
    FilterPause may finish at once only when none is out.
    Sources: FILTER_PAUSE callback; Pausing a Filter Module; Module States of a Filter Driver.
    Broken: NDIS goes on to detach under live NBLs: bugcheck 0xD1, 0x3B or 0x19, or a leak (0x7C, 0x27).

    @needs-originatesSends @needs-holdCompletions
    Scenario: The adapter is paused while two originated sends are with the miniport
      Given a running filter module
      And the miniport holds 2 sends that the filter originated
      When NDIS pauses the filter module
      Then the pause is pending
      When the miniport completes 1 of them
      Then the pause is still pending
      When the miniport completes the last of them
      Then the filter completes the pause exactly once
      And the filter module is Paused

    @needs-originatesSends @needs-holdCompletions
    Scenario: The state of the module tells whether the sends are back
      That much is seen of a driver that nobody looks into.

      Given a running filter module
      And the miniport holds 2 sends that the filter originated
      When NDIS pauses the filter module
      Then the pause is pending
      When the miniport completes all of them
      Then the filter module is Paused

    @needs-originatesSends
    Scenario: Everything has come back before the pause
      Given a running filter module
      And an application has a handle on the filter
      When the application writes 3 frames to its handle
      And NDIS pauses the filter module
      Then the filter module is Paused
      And the filter completes the pause exactly once

    Scenario: A filter that never sent anything is paused
      Given a running filter module
      When NDIS pauses the filter module
      Then the filter module is Paused

    @needs-originatesSends @needs-holdCompletions
    Scenario: Sends of two applications are outstanding
      The count belongs to the module, not to the handle: a pause that looks into one handle only finds nothing there.

      Given a running filter module
      And an application has a handle on the filter
      And another application has a handle on the filter
      And the miniport keeps the sends it gets
      When the application writes a frame to its handle
      And the other application writes a frame to its handle
      Then the filter originates 2 sends
      When NDIS pauses the filter module
      And the miniport completes 1 of them
      Then the pause is still pending
      When the miniport completes the last of them
      Then the filter module is Paused

    @needs-originatesSends @needs-holdCompletions
    Scenario: The application that wrote has closed its handle
      Given a running filter module
      And the miniport holds 2 sends that the filter originated
      When the application closes its handle
      And NDIS pauses the filter module
      Then the pause is pending
      When the miniport completes all of them
      Then the filter completes the pause exactly once
      And the filter module is Paused

    @needs-originatesSends @needs-holdCompletions
    Scenario: One of several handles is idle
      Given a running filter module
      And the miniport holds 1 send that the filter originated
      And another application has a handle on the filter
      When NDIS pauses the filter module
      Then the pause is pending
      When the miniport completes all of them
      Then the filter completes the pause exactly once

    @needs-originatesSends @needs-holdCompletions
    Scenario Outline: The sends come back <how>
      Given a running filter module
      And the miniport holds 4 sends that the filter originated
      When NDIS pauses the filter module
      And the miniport completes <how>
      Then the filter completes the pause exactly once
      And the filter module is Paused

      Examples:
        | how                                  |
        | all of them in one chain             |
        | all of them one by one               |
        | all of them one by one, newest first |

    @needs-originatesSends @needs-holdCompletions
    Scenario: A chain of several sends is outstanding
      Given a running filter module
      And an application has a handle on the filter
      And the miniport keeps the sends it gets
      When the application writes 3 frames in one chain to its handle
      Then the filter originates 3 sends
      When NDIS pauses the filter module
      Then the pause is pending
      When the miniport completes 2 of them
      Then the pause is still pending
      When the miniport completes the last of them
      Then the filter completes the pause exactly once

    @needs-originatesSends @needs-holdCompletions
    Scenario Outline: The miniport gives the sends back with <status>
      A send that failed has come back like any other.

      Given a running filter module
      And the miniport holds 2 sends that the filter originated
      When NDIS pauses the filter module
      And the miniport completes all of them with <status>
      Then the filter completes the pause exactly once
      And the filter module is Paused

      Examples:
        | status                      |
        | NDIS_STATUS_PAUSED          |
        | NDIS_STATUS_SEND_ABORTED    |
        | NDIS_STATUS_ADAPTER_REMOVED |

    @needs-originatesSends
    Scenario: Sends that the miniport failed are not waited for
      Given a running filter module
      And an application has a handle on the filter
      And the miniport completes sends with NDIS_STATUS_FAILURE
      When the application writes 3 frames to its handle
      And NDIS pauses the filter module
      Then the filter completes the pause exactly once
      And the filter module is Paused

    @needs-originatesSends
    Scenario: The miniport completes every send inside the call
      Given a running filter module
      And an application has a handle on the filter
      And the miniport completes sends inside the call
      When the application writes 3 frames to its handle
      And NDIS pauses the filter module
      Then the filter completes the pause exactly once
      And the filter module is Paused

    @needs-originatesSends @needs-holdCompletions
    Scenario: The miniport completes at PASSIVE_LEVEL
      Given a running filter module
      And the miniport holds 2 sends that the filter originated
      When NDIS pauses the filter module
      And the miniport completes all of them at PASSIVE_LEVEL
      Then the filter completes the pause exactly once

    @needs-originatesSends @needs-holdCompletions @needs-stackedFilters
    Scenario: The stack has filters of others above and below
      Given adapter "A" has a neighbour filter above the filter module
      And adapter "A" has a neighbour filter below the filter module
      And a running filter module
      And the miniport holds 2 sends that the filter originated
      When NDIS pauses the filter module
      Then the pause is pending
      When the miniport completes all of them
      Then the filter completes the pause exactly once

    @needs-originatesSends @needs-holdCompletions @needs-surpriseRemoval @needs-systemSleep @needs-stackedFilters
    Scenario Outline: NDIS pauses the filter because <what happens>
      FilterPause does not tell why it is called, and nothing may depend on it.

      Given a running filter module
      And the miniport holds 2 sends that the filter originated
      When <what happens>
      Then the pause is pending
      When the miniport completes 1 of them
      Then the pause is still pending
      When the miniport completes the last of them
      Then the filter completes the pause exactly once
      And no rule is broken

      Examples:
        | what happens                                                            |
        | the user disables adapter "A"                                           |
        | adapter "A" is surprise-removed                                         |
        | the system goes to sleep                                                |
        | a neighbour filter is inserted above the filter module                  |
        | another module of the filter driver is inserted above the filter module |
        | the protocol is unbound                                                 |

    @needs-originatesSends @needs-holdCompletions @needs-stackedFilters
    Scenario: Two modules of the driver on one adapter are paused
      Given adapter "A" carries two modules of the filter driver
      And a running filter module
      And the miniport holds 2 sends that the filter originated
      When NDIS pauses the filter module
      And the miniport completes all of them
      Then the upper filter module is Paused
      And the lower filter module is Paused
      And the filter completes the pause exactly once

    @needs-memoryPressure @needs-originatesSends
    Scenario: A send that never left is not waited for
      Given a running filter module
      And an application has a handle on the filter
      And the next NBL allocation fails
      When the application writes a frame to its handle
      And NDIS pauses the filter module
      Then the filter module is Paused

    @needs-memoryPressure @needs-originatesSends
    Scenario: A chain that could not be allocated to its end is not waited for
      Given a running filter module
      And an application has a handle on the filter
      And the next NBL allocation fails
      When the application writes 3 frames in one chain to its handle
      And NDIS pauses the filter module
      Then the filter module is Paused

  @PAU-12
  Rule: A pause stays pending while receives that the filter originated are outstanding
    It waits for FilterReturnNetBufferLists to bring back every one; low-resources receives are back when the call returns.
    Sources: FILTER_PAUSE callback; Pausing a Filter Module; Module States of a Filter Driver.
    Broken: as for sends; the protocol returns an NBL into a pool that is gone.

    @needs-originatesReceives @needs-holdCompletions
    Scenario: The adapter is paused while two originated receives are with the protocol
      Given a running filter module
      And the protocol holds 2 receives that the filter originated
      When NDIS pauses the filter module
      Then the pause is pending
      When the protocol returns 1 of them
      Then the pause is still pending
      When the protocol returns the last of them
      Then the filter completes the pause exactly once
      And the filter module is Paused

    @needs-originatesReceives
    Scenario: All originated receives have come back before the pause
      Given a running filter module
      And an application has a handle on the filter
      When the application asks the filter to indicate 3 receives
      And NDIS pauses the filter module
      Then the filter module is Paused

    @needs-originatesReceives
    Scenario: A low-resources receive is not waited for
      Given a running filter module
      And an application has a handle on the filter
      And the protocol keeps the receives it gets
      When the application asks the filter to indicate 3 receives with NDIS_RECEIVE_FLAGS_RESOURCES
      And NDIS pauses the filter module
      Then the filter module is Paused
      And no rule is broken

    @needs-originatesReceives
    Scenario: The protocol returns the receives inside the call
      Given a running filter module
      And an application has a handle on the filter
      And the protocol returns receives inside the call
      When the application asks the filter to indicate 3 receives
      And NDIS pauses the filter module
      Then the filter completes the pause exactly once
      And the filter module is Paused

    @needs-originatesReceives @needs-holdCompletions
    Scenario Outline: The receives come back <how>
      Given a running filter module
      And the protocol holds 4 receives that the filter originated
      When NDIS pauses the filter module
      And the protocol returns <how>
      Then the filter completes the pause exactly once
      And the filter module is Paused

      Examples:
        | how                                  |
        | all of them in one chain             |
        | all of them one by one               |
        | all of them one by one, newest first |

    @needs-originatesReceives @needs-holdCompletions
    Scenario: The chain that comes back mixes own receives with those of the miniport
      Given a running filter module
      And the protocol holds 2 receives from below
      And the protocol holds 2 receives that the filter originated
      When NDIS pauses the filter module
      Then the pause is pending
      When the protocol returns all of them in one chain
      Then the filter completes the pause exactly once
      And 2 receives go back to the miniport

    @needs-originatesReceives @needs-scheduleControl
    Scenario: An indication is under way when the pause begins
      Given a running filter module
      And an application has a handle on the filter
      And the driver will stop before it calls NdisFIndicateReceiveNetBufferLists
      When the application asks the filter to indicate a receive
      And NDIS pauses the filter module
      Then the pause is pending
      When the stopped thread goes on
      Then the filter completes the pause exactly once
      And the filter module is Paused

    @needs-originatesReceives @needs-scheduleControl
    Scenario: A low-resources indication is under way when the pause begins
      Given a running filter module
      And an application has a handle on the filter
      And the driver will stop before it calls NdisFIndicateReceiveNetBufferLists
      When the application asks the filter to indicate a receive with NDIS_RECEIVE_FLAGS_RESOURCES
      And NDIS pauses the filter module
      Then the pause is pending
      When the stopped thread goes on
      Then the filter completes the pause exactly once
      And the filter module is Paused
