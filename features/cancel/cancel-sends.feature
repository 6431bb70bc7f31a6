Feature: Cancelling sends
  A driver above may give up sends that carry a cancel id. A filter that queues sends takes the matching ones out of its
  queue, and in any case passes the request on, since the drivers below may hold others.

  @CAN-01 @needs-holdsSends
  Rule: The filter completes the queued sends with the cancelled id, and only those
    They are taken off the queue in one step, get NDIS_STATUS_SEND_ABORTED and go up before the handler returns.
    Sources: Canceling a Send Request in a Filter Driver; FILTER_CANCEL_SEND_NET_BUFFER_LISTS callback.
    Broken: the protocol waits to unbind, the application hangs.

    Scenario: All queued sends have the cancelled id
      Given a running filter module
      And the filter holds 2 sends from above with cancel id "k"
      When the protocol cancels the sends with cancel id "k"
      Then 2 sends come back with NDIS_STATUS_SEND_ABORTED
      And the filter has no sends from above in its hands
      And rule CAN-01 is put to the test

    Scenario: The cancelled id is among others
      Given a running filter module
      And the filter holds 2 sends from above with cancel id "other"
      And the filter holds 1 send from above with cancel id "k"
      When the protocol cancels the sends with cancel id "k"
      Then 1 send comes back with NDIS_STATUS_SEND_ABORTED
      And the filter has 2 sends from above in its hands

    Scenario: Sends with and without the cancelled id alternate in the queue
      Given a running filter module
      And the filter holds 1 send from above with cancel id "k"
      And the filter holds 1 send from above
      And the filter holds 2 sends from above with cancel id "k"
      When the protocol cancels the sends with cancel id "k"
      Then 2 sends come back with NDIS_STATUS_SEND_ABORTED
      And the filter has 1 send from above in its hands

    Scenario: No queued send has the cancelled id
      Given a running filter module
      And the filter holds 2 sends from above with cancel id "other"
      When the protocol cancels the sends with cancel id "k"
      Then the filter has 2 sends from above in its hands
      When the application asks the filter to release the sends it holds
      Then the filter passes 2 sends down
      And 2 sends come back with NDIS_STATUS_SUCCESS

    Scenario: Cancelled sends are gone when the queue is released
      Given a running filter module
      And the filter holds 1 send from above with cancel id "k"
      And the filter holds 1 send from above with cancel id "other"
      When the protocol cancels the sends with cancel id "k"
      And the application asks the filter to release the sends it holds
      Then the filter passes 1 send down
      And the filter has no sends from above in its hands

  @CAN-02
  Rule: The filter passes the cancel request on with the id it was given
    Whether or not the filter had anything to cancel: the drivers below have queues too. Sources: Canceling a Send
    Request in a Filter Driver; NdisFCancelSendNetBufferLists.
    Broken: sends below are never cancelled.

    Scenario: A filter with nothing to cancel passes the request on
      Given a running filter module
      When the protocol cancels the sends with cancel id "k"
      Then the cancel id "k" reaches the miniport
      And rule CAN-02 is put to the test

    @needs-holdsSends
    Scenario: A filter that cancelled sends of its queue passes the request on
      Given a running filter module
      And the filter holds 2 sends from above with cancel id "k"
      When the protocol cancels the sends with cancel id "k"
      Then the cancel id "k" reaches the miniport
      And rule CAN-02 is put to the test

    Scenario: A paused module passes the request on
      Given a paused filter module
      When the protocol cancels the sends with cancel id "k"
      Then the cancel id "k" reaches the miniport

    @needs-stackedFilters
    Scenario: The request passes two modules of the driver and a neighbour filter
      Given adapter "A" has a neighbour filter below the filter module
      And a running filter module
      And another module of the filter driver is inserted above the filter module
      When the protocol cancels the sends with cancel id "k"
      Then the cancel id "k" reaches the miniport

  @CAN-03
  Rule: A cancel request does not complete a send that the filter no longer holds
    To see whether a send is still queued and to take it off the queue is one step. What was passed down is cancelled by
    the miniport and comes back the usual way. A filter may as well have completed it already, and have sent a copy that
    bears no cancel id (dispute U18). Sources: Canceling a Send Request in a Filter Driver;
    FILTER_CANCEL_SEND_NET_BUFFER_LISTS callback.
    Broken: the send is completed twice (bugcheck 0xD1).

    @needs-holdCompletions
    Scenario: The cancelled send is already with the miniport
      Given a running filter module
      And the miniport keeps the sends it gets
      When the protocol sends 2 frames with cancel id "k"
      And the protocol cancels the sends with cancel id "k"
      Then the cancel id "k" reaches the miniport
      And 2 sends come back

    @needs-holdsSends @needs-holdCompletions
    Scenario: The cancelled send was released a moment ago
      Given a running filter module
      And the miniport keeps the sends it gets
      And the filter holds 2 sends from above with cancel id "k"
      When the application asks the filter to release the sends it holds
      And the protocol cancels the sends with cancel id "k"
      Then the cancel id "k" reaches the miniport
      And 2 sends come back

    @needs-holdsSends
    Scenario: The same id is cancelled twice
      Given a running filter module
      And the filter holds 2 sends from above with cancel id "k"
      When the protocol cancels the sends with cancel id "k"
      And the protocol cancels the sends with cancel id "k"
      Then 2 sends come back with NDIS_STATUS_SEND_ABORTED

  @CAN-04 @needs-originatesSends @needs-holdCompletions
  Rule: A cancel request does not give the filter its own sends back
    An own send comes home through FilterSendNetBufferListsComplete, cancelled or not. Until then it belongs to the
    drivers below. Sources: Canceling a Send Request in a Filter Driver; NdisFCancelSendNetBufferLists.
    Broken: the filter frees an NBL that the miniport still sends (bugcheck 0xD1, 0x50, 0x19).

    Scenario: A cancel request comes while an own send is with the miniport
      Given a running filter module
      And the miniport holds 1 send that the filter originated
      When the protocol cancels the sends with cancel id "k"
      Then the miniport has 1 send
      When the miniport completes all of them with NDIS_STATUS_SEND_ABORTED
      And NDIS pauses the filter module
      Then the filter module is Paused
