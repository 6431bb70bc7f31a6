@needs-originatesSends
Feature: Originating sends
  A filter originates a send when it allocates an NBL and gives it to NdisFSendNetBufferLists. From that call on the NBL
  belongs to the drivers below, until it comes back through FilterSendNetBufferListsComplete.

  @SO-01
  Rule: A filter originates sends only while its module is Running
    Attach leaves the module Paused, a pause makes it Pausing and Paused, a restart makes it Restarting: in none of
    these may the filter start a send, whoever asks for it. Sources: Sending Data from a Filter Driver; Filter Module
    States and Operations; NdisFSendNetBufferLists.
    Broken: a send enters a stack that is being changed (bugcheck 0x3B or 0xD1), or a pause that can never end.

    Scenario: A frame that an application writes to a running filter module reaches the miniport
      Given a running filter module
      And the miniport keeps the sends it gets
      When an application writes a frame to its handle
      Then the filter originates 1 send
      And the miniport has 1 send

    Scenario Outline: Nothing is sent for an application while the filter module is <state>
      Given a <state> filter module
      When an application writes a frame to its handle
      Then the filter originates nothing

      Examples:
        | state          |
        | newly attached |
        | paused         |

      @needs-holdCompletions
      Examples:
        | state   |
        | pausing |

      @needs-scheduleControl
      Examples:
        | state      |
        | restarting |

    Scenario: Sends are originated again after a restart
      Given a filter module that was paused and restarted
      When an application writes 2 frames to its handle
      Then the write succeeds
      And the filter originates 2 sends

  @SO-02
  Rule: An originated NBL carries the handle of the module that sends it as its SourceHandle
    NDIS finds the way home by SourceHandle: every NBL of the chain needs the NdisFilterHandle of the module through
    which it is sent or indicated, and that same handle is the argument of the call. Sources: Sending Data from a Filter
    Driver; NdisFSendNetBufferLists; NET_BUFFER_LIST.
    Broken: the NBL goes back to another driver, which leaks it or crashes (bugcheck 0xD1), and the pause waits for it
    for ever.

    Scenario: Every NBL of an originated chain comes home
      Given a running filter module
      When an application writes 3 frames in one chain to its handle
      And NDIS pauses the filter module
      Then the filter originates 3 sends
      And the filter module is Paused
      And rule SO-02 is put to the test

    Scenario: Modules on two adapters send under their own handles
      Given a running filter module
      And a running filter module on adapter "B"
      And an application has a handle on the filter
      And another application has a handle on the filter on adapter "B"
      When the application writes a frame to its handle
      And the other application writes a frame to its handle
      Then the filter originates 1 send
      And the filter originates 1 send on adapter "B"

    @needs-stackedFilters
    Scenario: A send from between two neighbour filters comes home
      Given adapter "A" has a neighbour filter above the filter module
      And adapter "A" has a neighbour filter below the filter module
      And a running filter module
      When an application writes 2 frames to its handle
      And NDIS pauses the filter module
      Then the filter module is Paused

    Scenario: A module that was attached again sends under its new handle
      Given a running filter module
      And adapter "A" was disabled and enabled again
      When an application writes a frame to its handle
      Then the write succeeds
      And the filter originates 1 send
      And rule SO-02 is put to the test

  @SO-03 @needs-holdCompletions
  Rule: An originated NBL is not touched until it has come back
    From the call of NdisFSendNetBufferLists to FilterSendNetBufferListsComplete the filter neither reads nor writes the
    NBL, its NET_BUFFERs, MDLs or data, does not free it and does not send it again. It can come back inside the call.
    Sources: Sending Data from a Filter Driver; NdisFSendNetBufferLists; NET_BUFFER_LIST.
    Broken: use after free and pool corruption (bugcheck 0xD1, 0x50, 0x3B, 0x19, 0xC2).

    Scenario: An originated chain is complete before NdisFSendNetBufferLists returns
      Given a running filter module
      And the miniport completes sends inside the call
      When an application writes 3 frames in one chain to its handle
      Then the write succeeds
      And the miniport has no sends
      And rule SO-03 is put to the test

    Scenario: The miniport takes its time over originated sends
      Given a running filter module
      And the miniport holds 3 sends that the filter originated
      When the miniport completes the last of them
      And an application writes a frame to its handle
      Then the miniport has 3 sends
      And rule SO-03 is put to the test

    Scenario: An application closes its handle while its frame is with the miniport
      Given a running filter module
      And the miniport holds 1 send that the filter originated
      When the application closes its handle
      Then the miniport has 1 send
      When the miniport completes all of them
      Then the miniport has no sends
      And the system keeps running

  @SO-04
  Rule: The filter consumes its own NBLs when they come back, and does not complete them upward
    NDIS ends the journey of an originated NBL at the module that originated it. The drivers above have never seen it.
    Sources: Sending Data from a Filter Driver; NdisFSendNetBufferListsComplete; FILTER_SEND_NET_BUFFER_LISTS_COMPLETE
    callback.
    Broken: the protocol gets an NBL that is not its own and crashes (bugcheck 0xD1 or 0x3B in tcpip).

    @needs-holdCompletions
    Scenario: An originated send ends in FilterSendNetBufferListsComplete
      Given a running filter module
      And the miniport holds 2 sends that the filter originated
      When the miniport completes all of them
      Then the filter never calls NdisFSendNetBufferListsComplete
      And rule SO-04 is put to the test

    @needs-stackedFilters
    Scenario: A neighbour filter above hears nothing of an originated send
      Given adapter "A" has a neighbour filter above the filter module
      And a running filter module
      When an application writes 2 frames to its handle
      Then the filter originates 2 sends
      And the filter never calls NdisFSendNetBufferListsComplete

  @SO-05 @needs-holdCompletions
  Rule: A completed chain may mix own NBLs with those of others, and the filter splits it
    NDIS and the miniport regroup completions as they like: one call can bring back NBLs of several earlier calls, own
    ones and ones from above, in any order. Every NBL is looked at, not only the first. Sources: Sending Data from a
    Filter Driver; NdisFSendNetBufferLists.
    Broken: own NBLs leak upward, or the protocol never gets its own back (hang at unbind, bugcheck 0x7C with 0x27).

    Scenario: Own sends come back in front of sends from above
      Given a running filter module
      And the miniport holds 2 sends that the filter originated
      And the miniport holds 2 sends from above
      When the miniport completes all of them in one chain
      Then 2 sends come back with NDIS_STATUS_SUCCESS
      And rule SO-05 is put to the test

    Scenario: Sends from above come back in front of own sends
      Given a running filter module
      And the miniport holds 2 sends from above
      And the miniport holds 2 sends that the filter originated
      When the miniport completes all of them in one chain
      Then 2 sends come back with NDIS_STATUS_SUCCESS
      And rule SO-05 is put to the test

    Scenario: An own send comes back between two sends from above
      Given a running filter module
      And the miniport holds 1 send from above
      And the miniport holds 1 send that the filter originated
      And the miniport holds 1 send from above
      When the miniport completes all of them in one chain
      And NDIS pauses the filter module
      Then the filter module is Paused
      And the miniport has no sends

    Scenario: Sends from above and own sends come back one by one in the reverse order
      Given a running filter module
      And the miniport holds 2 sends from above
      And the miniport holds 2 sends that the filter originated
      When the miniport completes all of them one by one, newest first
      Then 2 sends come back with NDIS_STATUS_SUCCESS
      When NDIS pauses the filter module
      Then the filter module is Paused

  @SO-10
  Rule: An originated send may come back with any final status, and is then over
    Only FilterSendNetBufferListsComplete knows the status. What came back with NDIS_STATUS_PAUSED is not sent again into
    a stack that has just said no.
    Sources: Sending Data from a Filter Driver; NdisFSendNetBufferLists; NET_BUFFER_LIST; OID_PNP_SET_POWER.
    Broken: a loop of sends into a paused stack, a pause that never ends.

    Scenario Outline: The miniport completes originated sends with <status>
      Given a running filter module
      And the miniport completes sends with <status>
      When an application writes 2 frames to its handle
      And NDIS pauses the filter module
      Then the filter module is Paused
      And the system keeps running

      Examples:
        | status                      |
        | NDIS_STATUS_SEND_ABORTED    |
        | NDIS_STATUS_RESOURCES       |
        | NDIS_STATUS_LOW_POWER_STATE |
        | NDIS_STATUS_FAILURE         |

    @needs-holdCompletions
    Scenario: An originated send comes back because a driver below is paused
      Given a running filter module
      And the miniport holds 1 send that the filter originated
      When the miniport completes all of them with NDIS_STATUS_PAUSED
      Then the filter originates nothing
      When NDIS pauses the filter module
      Then the filter module is Paused
