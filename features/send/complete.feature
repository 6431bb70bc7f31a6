Feature: Completing sends
  A send goes home the way it came: the miniport completes it, each filter that passed it down hands it up, and the
  originator takes it back.

  @SC-01
  Rule: Every send of others that comes back is handed up once, in whatever state the module is
    FilterSendNetBufferListsComplete gives each NBL that it did not originate to NdisFSendNetBufferListsComplete. There
    is no state in which it may keep one. Sources: FILTER_SEND_NET_BUFFER_LISTS_COMPLETE callback; Sending Data from a
    Filter Driver.
    Broken: the protocol waits for its NBL for ever, or gets it twice (bugcheck 0xD1).

    @needs-holdCompletions
    Scenario: Completions regrouped by the miniport all reach the protocol
      Given a running filter module
      And the miniport holds 3 sends from above
      When the miniport completes the newest of them
      And the miniport completes all of them in one chain
      Then 3 sends come back with NDIS_STATUS_SUCCESS
      And rule SC-01 is put to the test

    @needs-holdCompletions @needs-lateTraffic
    Scenario: A send that comes back to a paused module is handed up
      Given a running filter module
      And the miniport holds 2 sends from above
      When NDIS pauses the filter module
      And the miniport completes all of them
      Then 2 sends come back
      And the filter module is Paused

    @needs-holdCompletions
    Scenario: The status given by the miniport reaches the protocol
      Given a running filter module
      And the miniport holds 2 sends from above
      When the miniport completes all of them with NDIS_STATUS_FAILURE
      Then 2 sends come back with NDIS_STATUS_FAILURE

  @SC-02
  Rule: Only NBLs that came from above, and that the filter holds at that moment, are completed upward
    What the filter has already passed down or completed is no longer its to complete; what it originated never was the
    protocol's. Sources: NdisFSendNetBufferListsComplete.
    Broken: the driver above gets an NBL twice, or one that was never its own (bugcheck 0xD1 or 0x3B).

    @needs-holdCompletions @needs-originatesSends
    Scenario: The miniport has only the filter's own sends to complete
      Given a running filter module
      And the miniport holds 3 sends that the filter originated
      When the miniport completes all of them in one chain
      Then the filter never calls NdisFSendNetBufferListsComplete

    @needs-holdsSends
    Scenario: A queued send that was released and completed is not completed again by the next pause
      Given a running filter module
      And the filter holds 2 sends from above
      When the application asks the filter to release the sends it holds
      Then 2 sends come back
      When NDIS pauses the filter module
      Then the filter never calls NdisFSendNetBufferListsComplete
      And the filter module is Paused

    Scenario: Sends that came back are complete once
      Given a running filter module
      And the miniport completes sends inside the call
      When the protocol sends 2 frames
      Then 2 sends come back
      And rule SC-02 is put to the test

  @SC-03
  Rule: A send that the filter ends itself carries the proper final status
    NDIS_STATUS_PAUSED when the state is the reason, NDIS_STATUS_SEND_ABORTED when it was cancelled, another error when
    something else went wrong. NDIS_STATUS_PENDING is never a final status. Sources: NET_BUFFER_LIST;
    FILTER_SEND_NET_BUFFER_LISTS and FILTER_CANCEL_SEND_NET_BUFFER_LISTS callbacks.
    Broken: the driver above draws the wrong conclusion, and retries or gives up where it should not.

    @needs-lateTraffic
    Scenario: A send refused for the state of the module says so
      Given a newly attached filter module
      When the protocol sends a frame
      Then 1 send comes back with NDIS_STATUS_PAUSED
      And rule SC-03 is put to the test

    @needs-holdsSends
    Scenario: A cancelled send says so
      Given a running filter module
      And the filter holds 1 send from above with cancel id "k"
      When the protocol cancels the sends with cancel id "k"
      Then 1 send comes back with NDIS_STATUS_SEND_ABORTED
      And rule SC-03 is put to the test

  @SC-04 @needs-originatesSends
  Rule: No empty chain is handed on
    After the filter has taken its own NBLs out of a chain, nothing may be left. Then there is nothing to complete or
    return, and no call is made. Known from Microsoft's sample filter, not from a page. Sources: filter.c of the NDIS
    filter sample.
    Broken: NDIS or a neighbour follows a NULL pointer (bugcheck 0xD1).

    @needs-holdCompletions
    Scenario: Nothing is left of a completed chain
      Given a running filter module
      And the miniport holds 2 sends that the filter originated
      When the miniport completes all of them in one chain
      Then the filter never calls NdisFSendNetBufferListsComplete
      And rule SC-04 is put to the test

    @needs-holdCompletions @needs-originatesReceives
    Scenario: Nothing is left of a returned chain
      Given a running filter module
      And the protocol holds 2 receives that the filter originated
      When the protocol returns all of them in one chain
      Then the filter never calls NdisFReturnNetBufferLists
      And rule SC-04 is put to the test

  @SC-05
  Rule: A DISPATCH_LEVEL flag is set only in a call that is made at DISPATCH_LEVEL
    The flag tells the next driver that it need not raise the IRQL. It is derived from the flag of the call that is
    being handled now, or from the design; a queued NBL does not carry yesterday's flag along. Sources: Dispatch IRQL
    Tracking; the Flags_Irql rule of Static Driver Verifier.
    Broken: the neighbour takes a lock at the wrong IRQL (bugcheck 0xA, 0x133).

    @needs-holdsSends
    Scenario: Sends that were queued at DISPATCH_LEVEL are released at PASSIVE_LEVEL
      Given a running filter module
      And an application asked the filter to hold sends
      When the protocol sends 2 frames at DISPATCH_LEVEL
      And the application asks the filter to release the sends it holds
      Then 2 sends come back
      And rule SC-05 is put to the test

    @needs-holdsReceives
    Scenario: Receives that were queued at DISPATCH_LEVEL are released at PASSIVE_LEVEL
      Given a running filter module
      And the filter holds 2 receives from below
      When the application asks the filter to release the receives it holds
      Then 2 receives go back to the miniport
      And rule SC-05 is put to the test

    Scenario Outline: Frames sent at <irql> pass with a truthful flag
      Given a running filter module
      When the protocol sends 2 frames at <irql>
      Then 2 sends come back

      Examples:
        | irql           |
        | PASSIVE_LEVEL  |
        | DISPATCH_LEVEL |

    @needs-holdCompletions
    Scenario Outline: Frames completed at <irql> are handed up with a truthful flag
      Given a running filter module
      And the miniport holds 2 sends from above
      When the miniport completes all of them at <irql>
      Then 2 sends come back

      Examples:
        | irql           |
        | PASSIVE_LEVEL  |
        | DISPATCH_LEVEL |

    @needs-holdCompletions
    Scenario Outline: Receives returned at <irql> are handed down with a truthful flag
      Given a running filter module
      And the protocol holds 2 receives from below
      When the protocol returns all of them at <irql>
      Then 2 receives go back to the miniport

      Examples:
        | irql           |
        | PASSIVE_LEVEL  |
        | DISPATCH_LEVEL |

    @needs-originatesSends
    Scenario: An application's frame is sent at PASSIVE_LEVEL without the flag
      Given a running filter module
      When an application writes a frame to its handle
      Then the filter originates 1 send
      And rule SC-05 is put to the test

    @needs-originatesSends @needs-lateTraffic
    Scenario: A frame refused at PASSIVE_LEVEL is completed without the flag
      Given a paused filter module
      When the protocol sends a frame at PASSIVE_LEVEL
      Then 1 send comes back with NDIS_STATUS_PAUSED
      And rule SC-05 is put to the test
