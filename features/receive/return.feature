Feature: Returning receives
  The protocol gives receives back when it likes, grouped as it likes. FilterReturnNetBufferLists keeps the filter's own
  and hands the others down.

  @RET-01
  Rule: Every receive of others that is returned is handed down once, in whatever state the module is
    One call may bring NBLs of several indications, own ones and those of the miniport, in any order. Sources:
    FILTER_RETURN_NET_BUFFER_LISTS callback; Receiving Data in a Filter Driver.
    Broken: the miniport waits for its NBL for ever (bugcheck 0x7C with 0x25 and 0x21), or gets it twice.

    @needs-holdCompletions
    Scenario: Receives returned one after the other all go back
      Given a running filter module
      And the protocol holds 3 receives from below
      When the protocol returns the newest of them
      And the protocol returns all of them in one chain
      Then 3 receives go back to the miniport
      And rule RET-01 is put to the test

    @needs-holdCompletions @needs-originatesReceives
    Scenario: Receives from below come back behind own receives
      Given a running filter module
      And the protocol holds 2 receives that the filter originated
      And the protocol holds 2 receives from below
      When the protocol returns all of them in one chain
      Then 2 receives go back to the miniport
      And rule RET-01 is put to the test

    @needs-holdCompletions @needs-originatesReceives
    Scenario: A receive from below comes back between own receives
      Given a running filter module
      And the protocol holds 1 receive that the filter originated
      And the protocol holds 1 receive from below
      And the protocol holds 1 receive that the filter originated
      When the protocol returns all of them in one chain
      And NDIS pauses the filter module
      Then the filter module is Paused
      And the protocol has no receives

    @needs-holdCompletions
    Scenario: A receive that is returned to a paused module is handed down
      Given a running filter module
      And the protocol holds 2 receives from below
      When NDIS pauses the filter module
      And the protocol returns all of them
      Then 2 receives go back to the miniport
      And the filter module is Paused

  @RET-02
  Rule: Only receives that came from below without RESOURCES, and that the filter holds, are returned downward
    An NBL that was passed up belongs to the protocol until it comes back; one that was returned is over. Sources:
    NdisFReturnNetBufferLists.
    Broken: the miniport gets an NBL twice or one that is not its own (bugcheck 0xD1, 0x3B, 0x19).

    @needs-holdCompletions
    Scenario: The pause does not return what the protocol still has
      Given a running filter module
      And the protocol holds 2 receives from below
      When NDIS pauses the filter module
      Then the filter never calls NdisFReturnNetBufferLists
      When the protocol returns all of them
      Then 2 receives go back to the miniport

    @needs-holdsReceives
    Scenario: Released receives are not returned again by the pause
      Given a running filter module
      And the filter holds 2 receives from below
      When the application asks the filter to release the receives it holds
      Then 2 receives go back to the miniport
      When NDIS pauses the filter module
      Then the filter never calls NdisFReturnNetBufferLists
      And the filter module is Paused
