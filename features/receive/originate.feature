@needs-originatesReceives
Feature: Originating receive indications
  A filter originates a receive when it allocates an NBL and gives it to NdisFIndicateReceiveNetBufferLists. Without
  NDIS_RECEIVE_FLAGS_RESOURCES the NBL comes back through FilterReturnNetBufferLists; with the flag, when the call
  returns.

  @RO-01
  Rule: A filter originates receive indications only while its module is Running
    In Paused and Pausing it is forbidden outright; about Restarting the pages differ, and that has a rule of its own
    (RST-05). Sources: Receiving Data in a Filter Driver; NdisFIndicateReceiveNetBufferLists; Attaching a Filter Module.
    Broken: the receive reaches a protocol that is paused or gone (bugcheck 0xD1, 0x7C with 0x27).

    Scenario: A receive that an application asks for reaches the protocol
      Given a running filter module
      When an application asks the filter to indicate 2 receives
      Then the request succeeds
      And the filter originates 2 receives

    Scenario Outline: Nothing is indicated for an application while the filter module is <state>
      Given a <state> filter module
      When an application asks the filter to indicate 1 receive
      Then the filter originates nothing

      Examples:
        | state          |
        | newly attached |
        | paused         |

  @RST-05 @C4 @needs-scheduleControl
  Rule: While its module is Restarting a filter does not originate receives
    Starting a Filter Module says not to begin any; the page of NdisFRestartComplete lets indications resume as soon as
    FilterRestart has been called. The reading taken: an originated receive is a finding of the strict profile, passing
    one on from below is allowed. Sources: Starting a Filter Module; NdisFRestartComplete.
    Broken: the drivers above are still paused, the data is dropped.

    Scenario: An application asks for a receive before FilterRestart has returned
      Given a restarting filter module
      When an application asks the filter to indicate 1 receive
      Then the filter originates nothing

    Scenario: The miniport is faster than FilterRestart
      Given a restarting filter module
      When the miniport indicates 2 receives
      Then the filter has no receives from below in its hands
      And no rule is broken

  @RO-02
  Rule: An originated receive is not touched until it has been returned
    Without NDIS_RECEIVE_FLAGS_RESOURCES the NBL belongs to the drivers above until FilterReturnNetBufferLists brings it
    back. Until then it is not read, changed, freed or indicated again. Sources: Receiving Data in a Filter Driver;
    NdisFIndicateReceiveNetBufferLists.
    Broken: use after free and pool corruption (bugcheck 0xD1, 0x50, 0x3B, 0x19, 0xC2).

    Scenario: The protocol returns an originated receive inside the call
      Given a running filter module
      And the protocol returns receives inside the call
      When an application asks the filter to indicate 3 receives
      Then the request succeeds
      And rule RO-02 is put to the test

    @needs-holdCompletions
    Scenario: The protocol keeps one originated receive while the next is indicated
      Given a running filter module
      And the protocol holds 1 receive that the filter originated
      When the application asks the filter to indicate 2 receives
      Then the protocol has 3 receives
      When the protocol returns all of them one by one, newest first
      Then the protocol has no receives
      And rule RO-02 is put to the test

    @needs-holdCompletions
    Scenario: An application closes its handle while the protocol has its receive
      Given a running filter module
      And the protocol holds 1 receive that the filter originated
      When the application closes its handle
      Then the protocol has 1 receive
      When the protocol returns all of them
      Then the protocol has no receives
      And the system keeps running

  @RO-03
  Rule: An originated receive with NDIS_RECEIVE_FLAGS_RESOURCES is the filter's again when the call returns
    FilterReturnNetBufferLists is never called for it. A filter that counts it until then waits for ever. Sources:
    Receiving Data in a Filter Driver; NdisFIndicateReceiveNetBufferLists.
    Broken: the next pause never completes (bugcheck 0x7C with 0x25, adapter cannot be disabled).

    Scenario: A pause after a receive with RESOURCES has nothing to wait for
      Given a running filter module
      When an application asks the filter to indicate 2 receives with NDIS_RECEIVE_FLAGS_RESOURCES
      And NDIS pauses the filter module
      Then the filter completes the pause exactly once
      And the filter module is Paused
      And rule RO-03 is put to the test

    @needs-holdCompletions
    Scenario: A pause waits for the receives without RESOURCES alone
      Given a running filter module
      And the protocol holds 1 receive that the filter originated
      And the application asked the filter to indicate 2 receives with NDIS_RECEIVE_FLAGS_RESOURCES
      When NDIS pauses the filter module
      Then the pause is pending
      When the protocol returns all of them
      Then the filter completes the pause exactly once

  @RO-04
  Rule: NumberOfNetBufferLists is the length of the chain
    The number is counted anew whenever a chain was split, merged or thinned out. The rule holds for receives passed on
    as well. Sources: Receiving Data in a Filter Driver; NdisFIndicateReceiveNetBufferLists.
    Broken: drivers above count wrong, leak NBLs or hang on pause.

    Scenario: A chain of originated receives is counted right
      Given a running filter module
      When an application asks the filter to indicate 3 receives
      Then the filter originates 3 receives
      And rule RO-04 is put to the test

    Scenario: A chain from below is counted right
      Given a running filter module
      When the miniport indicates 3 receives
      Then 3 receives go back to the miniport
      And rule RO-04 is put to the test

    @needs-holdsReceives
    Scenario: Receives of several indications that were queued are counted right
      Given a running filter module
      And an application asked the filter to hold receives
      When the miniport indicates 1 receive
      And the miniport indicates 3 receives
      And the application asks the filter to release the receives it holds
      Then the filter has no receives from below in its hands
      And 3 receives go back to the miniport
      And rule RO-04 is put to the test

    Scenario: A chain with RESOURCES is counted right
      Given a running filter module
      When an application asks the filter to indicate 2 receives with NDIS_RECEIVE_FLAGS_RESOURCES
      Then the filter originates 2 receives
      And rule RO-04 is put to the test

  @RO-06 @needs-holdCompletions
  Rule: The filter consumes its own receives when they are returned, and does not return them downward
    An NBL that the filter indicated on its own account ends in its FilterReturnNetBufferLists. The miniport has never
    seen it. Sources: Receiving Data in a Filter Driver; FILTER_RETURN_NET_BUFFER_LISTS callback.
    Broken: the miniport gets an NBL that is not its own (bugcheck 0xD1).

    Scenario: An originated receive ends in FilterReturnNetBufferLists
      Given a running filter module
      And the protocol holds 2 receives that the filter originated
      When the protocol returns all of them
      Then the filter never calls NdisFReturnNetBufferLists
      And rule RO-06 is put to the test

    Scenario: Own receives come back in one chain with receives from below
      Given a running filter module
      And the protocol holds 2 receives from below
      And the protocol holds 2 receives that the filter originated
      When the protocol returns all of them in one chain
      Then 2 receives go back to the miniport
      And rule RO-06 is put to the test
