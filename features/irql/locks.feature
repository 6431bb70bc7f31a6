Feature: Locks
  NDIS and the neighbours may call straight back on the same thread. A lock that is held across such a call is a lock
  that the thread waits for itself.

  @LCK-01
  Rule: Spin locks are acquired and released in pairs, never twice, and never kept when a handler returns
    Also on every way out through an error. Sources: NdisAcquireSpinLock; NdisReleaseSpinLock; the SpinLock rules of
    Static Driver Verifier.
    Broken: deadlock, bugcheck 0x133; disabling the adapter froze the system in a driver that kept a lock in
    FilterPause.

    @needs-originatesSends
    Scenario: NDIS pauses while two applications have handles
      Given a running filter module
      And an application has a handle on the filter
      And another application has a handle on the filter
      When the application writes a frame to its handle
      And NDIS pauses the filter module
      Then the filter module is Paused
      And rule LCK-01 is put to the test

    @needs-originatesSends
    Scenario: A write is refused without leaving a lock behind
      Given a paused filter module
      And an application has a handle on the filter
      When the application writes a frame to its handle
      And NDIS restarts the filter module
      And the application writes a frame to its handle
      Then the write succeeds
      And rule LCK-01 is put to the test

  @LCK-02
  Rule: No lock that a handler takes is held across a call that can lead back into the filter
    Sending, completing, indicating, returning, asking OIDs, indicating status and forwarding events can all end in a
    handler of the same module, on the same thread, before the call returns. No page says so in one sentence. Sources:
    Synchronous OID Request Interface in NDIS 6.80 (on recursion); NdisAcquireSpinLock.
    Broken: the thread waits for itself at DISPATCH_LEVEL (bugcheck 0x133, a machine that stands still).

    @needs-originatesSends
    Scenario: An originated send is completed inside the call
      Given a running filter module
      And the miniport completes sends inside the call
      When an application writes 3 frames to its handle
      Then the write succeeds
      And the system keeps running
      And rule LCK-02 is put to the test

    @needs-originatesReceives
    Scenario: An originated receive is returned inside the call
      Given a running filter module
      And the protocol returns receives inside the call
      When an application asks the filter to indicate 2 receives
      Then the request succeeds
      And rule LCK-02 is put to the test

    @needs-holdsSends
    Scenario: Queued sends are completed inside the call that releases them
      Given a running filter module
      And the miniport completes sends inside the call
      And the filter holds 2 sends from above
      When the application asks the filter to release the sends it holds
      Then 2 sends come back
      And rule LCK-02 is put to the test

    @needs-holdsReceives
    Scenario: Queued receives are returned inside the call that releases them
      Given a running filter module
      And the protocol returns receives inside the call
      And the filter holds 2 receives from below
      When the application asks the filter to release the receives it holds
      Then 2 receives go back to the miniport
      And rule LCK-02 is put to the test

    @needs-holdsSends
    Scenario: Queued sends are completed by a cancel
      Given a running filter module
      And the filter holds 2 sends from above with cancel id "k"
      When the protocol cancels the sends with cancel id "k"
      Then 2 sends come back with NDIS_STATUS_SEND_ABORTED
      And rule LCK-02 is put to the test

    Scenario: An OID request from above is answered inside the call
      Given a running filter module
      And the miniport completes OID requests inside the call
      When the protocol queries OID_GEN_STATISTICS
      Then the OID request comes back with NDIS_STATUS_SUCCESS
      And rule LCK-02 is put to the test

    @needs-originatesOids
    Scenario: An OID request of the filter is answered inside the call
      Given a running filter module
      And the miniport completes OID requests inside the call
      When an application asks the filter to issue an OID request
      Then the request succeeds
      And rule LCK-02 is put to the test
