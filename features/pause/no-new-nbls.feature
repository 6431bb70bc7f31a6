Feature: No new NBLs after a pause
  A pause does not end an obligation, it begins one: from FilterPause until the next successful FilterRestart the filter
  originates no NBL, whoever asks. A thread that was let through before is counted, and the pause waits for it.

  @PAU-05
  Rule: The gate is closed before the draining begins, in one step with looking at the count
    No origination may slip in between "may I?" and "count me", or between "is anything out?" and "closed".
    Sources: FILTER_PAUSE callback; Pausing a Filter Module; Module States of a Filter Driver.
    Broken: an NBL leaves after the pause has completed, and comes back to a dead context: bugcheck 0xD1 or 0x3B.

    @needs-originatesSends @needs-scheduleControl
    Scenario Outline: A write is about to call <call> when the pause begins
      Given a running filter module
      And an application has a handle on the filter
      And the driver will stop before it calls <call> inside IRP_MJ_WRITE
      When the application writes a frame to its handle
      Then a thread of the driver stands still
      When NDIS pauses the filter module
      And the stopped thread goes on
      Then the filter module is Paused
      And no rule is broken

      Examples:
        | call                                  |
        | ExAcquireRundownProtection            |
        | NdisAcquireSpinLock                   |
        | NdisReleaseSpinLock                   |
        | NdisAllocateNetBufferAndNetBufferList |
        | NdisFSendNetBufferLists               |

    @needs-originatesReceives @needs-scheduleControl
    Scenario Outline: A receive is being made and about to call <call> when the pause begins
      Given a running filter module
      And an application has a handle on the filter
      And the driver will stop before it calls <call> inside IRP_MJ_DEVICE_CONTROL
      When the application asks the filter to indicate a receive
      Then a thread of the driver stands still
      When NDIS pauses the filter module
      And the stopped thread goes on
      Then the filter module is Paused
      And no rule is broken

      Examples:
        | call                                  |
        | NdisReleaseSpinLock                   |
        | NdisAllocateNetBufferAndNetBufferList |
        | NdisFIndicateReceiveNetBufferLists    |

    @needs-originatesSends @needs-scheduleControl @needs-holdCompletions
    Scenario: A write that was counted in time keeps the pause pending
      Given a running filter module
      And the miniport keeps the sends it gets
      And a write of the application has stopped before NdisFSendNetBufferLists
      When NDIS pauses the filter module
      Then the pause is pending
      When the stopped thread goes on
      Then the pause is still pending
      When the miniport completes all of them
      Then the filter completes the pause exactly once
      And the filter module is Paused

    @needs-originatesSends @needs-scheduleControl
    Scenario: A write that was counted in time is completed inside the call
      Given a running filter module
      And the miniport completes sends inside the call
      And a write of the application has stopped before NdisFSendNetBufferLists
      When NDIS pauses the filter module
      Then the pause is pending
      When the stopped thread goes on
      Then the filter completes the pause exactly once
      And the filter module is Paused

    @needs-originatesSends @needs-scheduleControl
    Scenario: Two applications write while the pause begins
      Given a running filter module
      And another application has a handle on the filter
      And a write of the application has stopped before NdisFSendNetBufferLists
      When NDIS pauses the filter module
      And the other application writes a frame to its handle
      Then the write does not succeed
      And the pause is pending
      When the stopped thread goes on
      Then the filter completes the pause exactly once
      And the filter module is Paused

  @PAU-06
  Rule: A pausing filter originates no sends
    The gate is closed from the first instruction of FilterPause, not from its end: an attempt that begins later is refused.
    Sources: FILTER_PAUSE callback; Pausing a Filter Module.
    Broken: a busy application keeps the pause from ever ending.

    @needs-originatesSends @needs-holdCompletions
    Scenario: An application goes on writing while the pause is pending
      Given a pausing filter module
      When the application writes 3 frames to its handle
      Then the write does not succeed
      And the filter originates nothing
      When the miniport completes all of them
      Then the filter module is Paused

    @needs-originatesSends @needs-holdCompletions
    Scenario: Another application writes while the pause is pending
      Given a pausing filter module
      And another application has a handle on the filter
      When the other application writes a frame to its handle
      Then the write does not succeed
      And the filter originates nothing

    @needs-originatesSends @needs-holdCompletions
    Scenario: An application opens a handle during the pause and writes
      Given a pausing filter module
      When another application opens a handle on the filter
      And the other application writes a frame to its handle
      Then the filter originates no sends

    @needs-originatesSends @needs-originatesFromTimers @needs-holdCompletions @needs-virtualTime
    Scenario: A timer fires while the pause is pending
      Given a running filter module
      And an application asked the filter to send a frame from a timer
      And the miniport holds 1 send that the filter originated
      When NDIS pauses the filter module
      Then the pause is pending
      When 60 seconds pass
      Then the filter originates nothing

    @needs-originatesSends @needs-originatesFromWorkItems @needs-holdCompletions
    Scenario: A work item runs while the pause is pending
      Given a pausing filter module
      When the application asks the filter to send a frame from a work item
      Then the filter originates nothing

    @needs-originatesSends @needs-holdCompletions
    Scenario: A send comes back while the pause is pending
      A filter that sends the next frame from the completion of the last never becomes quiet.

      Given a running filter module
      And the miniport holds 3 sends that the filter originated
      When NDIS pauses the filter module
      And the miniport completes 2 of them
      Then the filter originates nothing
      And the miniport has 1 send

  @PAU-07
  Rule: A paused filter originates no sends
    Whatever the trigger: an application, a timer, a work item, a frame that arrives, an OID request.
    Sources: FILTER_PAUSE callback; Pausing a Filter Module; FILTER_SEND_NET_BUFFER_LISTS callback.
    Broken: a send into a stack that is being rebuilt: bugcheck 0xD1 or 0x3B in NDIS or in a neighbour.

    @needs-originatesSends
    Scenario: An application writes to a paused filter
      Given a running filter module
      And an application has a handle on the filter
      When NDIS pauses the filter module
      And the application writes 3 frames to its handle
      Then the write does not succeed
      And the filter originates nothing
      And the filter module is Paused

    @needs-originatesSends
    Scenario: An application writes a chain to a paused filter
      Given a running filter module
      And an application has a handle on the filter
      When NDIS pauses the filter module
      And the application writes 3 frames in one chain to its handle
      Then the filter originates nothing

    @needs-originatesSends
    Scenario: A handle that was opened during the pause is used
      Given a paused filter module
      When an application opens a handle on the filter
      And the application writes a frame to its handle
      Then the write does not succeed
      And the filter originates no sends

    @needs-originatesSends
    Scenario: Each of several handles is refused
      Given a running filter module
      And an application has a handle on the filter
      And another application has a handle on the filter
      When NDIS pauses the filter module
      And the application writes a frame to its handle
      And the other application writes a frame to its handle
      Then the filter originates nothing

    @needs-originatesSends @needs-holdCompletions
    Scenario: An application writes after a pause that was pending
      Given a pausing filter module
      When the miniport completes all of them
      Then the filter module is Paused
      When the application writes a frame to its handle
      Then the write does not succeed
      And the filter originates nothing

    @needs-originatesFromTimers @needs-virtualTime
    Scenario: A timer that was armed before the pause fires after it
      Given a running filter module
      And an application asked the filter to send a frame from a timer
      When NDIS pauses the filter module
      And 60 seconds pass
      Then the filter module is Paused
      And the filter originates nothing

    @needs-originatesFromTimers @needs-virtualTime
    Scenario: A timer is armed during the pause
      Given a paused filter module
      And an application has a handle on the filter
      When the application asks the filter to send a frame from a timer
      And 60 seconds pass
      Then the filter originates nothing

    @needs-originatesFromWorkItems
    Scenario: A work item is queued during the pause
      Given a paused filter module
      And an application has a handle on the filter
      When the application asks the filter to send a frame from a work item
      Then the filter originates nothing

    @needs-originatesFromWorkItems @needs-scheduleControl
    Scenario: A work item that began before the pause goes on after it began
      Given a running filter module
      And an application has a handle on the filter
      And the driver will stop before it calls NdisFSendNetBufferLists inside NdisIoWorkItemFunction
      When the application asks the filter to send a frame from a work item
      Then a thread of the driver stands still
      When NDIS pauses the filter module
      And the stopped thread goes on
      Then the filter completes the pause exactly once
      And no rule is broken

    @needs-originatesFromWorkItems @needs-scheduleControl
    Scenario: A work item that was queued before the pause runs after it
      Given a running filter module
      And an application has a handle on the filter
      And the driver will stop before NdisIoWorkItemFunction is entered
      When the application asks the filter to send a frame from a work item
      And NDIS pauses the filter module
      And the stopped thread goes on
      Then the filter module is Paused
      And the filter originates nothing

    @needs-originatesFromTimers @needs-scheduleControl @needs-virtualTime
    Scenario: A timer that came due before the pause fires after it
      Given a running filter module
      And an application asked the filter to send a frame from a timer
      And the driver will stop before NdisTimerFunction is entered
      When 60 seconds pass
      And NDIS pauses the filter module
      And the stopped thread goes on
      Then the filter module is Paused
      And the filter originates nothing

    @needs-lateTraffic
    Scenario: Frames arrive at a paused filter
      A filter that answers what it receives must not answer while it is paused.

      Given a paused filter module
      When the miniport indicates 3 receives
      And the protocol sends 3 frames
      And the protocol queries OID_GEN_STATISTICS
      Then the filter originates no sends
      And the filter originates no receives

    @needs-originatesSends
    Scenario: A second pause closes the gate again
      Given a filter module that was paused and restarted
      And an application has a handle on the filter
      When NDIS pauses the filter module
      And the application writes a frame to its handle
      Then the write does not succeed
      And the filter originates nothing

  @PAU-08
  Rule: A pausing or paused filter originates no receives
    Neither from NBLs it made itself, nor from copies of frames it kept.
    Sources: FILTER_PAUSE callback; Pausing a Filter Module; FILTER_RECEIVE_NET_BUFFER_LISTS callback.
    Broken: a receive reaches a protocol that is paused or unbound: bugcheck 0xD1, or a leak (0x7C, 0x27).

    @needs-originatesReceives
    Scenario: An application asks a paused filter for receives
      Given a running filter module
      And an application has a handle on the filter
      When NDIS pauses the filter module
      And the application asks the filter to indicate 3 receives
      Then the request does not succeed
      And the filter originates nothing

    @needs-originatesReceives
    Scenario: An application asks a paused filter for low-resources receives
      Given a running filter module
      And an application has a handle on the filter
      When NDIS pauses the filter module
      And the application asks the filter to indicate a receive with NDIS_RECEIVE_FLAGS_RESOURCES
      Then the filter originates nothing

    @needs-originatesReceives @needs-originatesSends @needs-holdCompletions
    Scenario: An application asks a pausing filter for receives
      Given a pausing filter module
      When the application asks the filter to indicate 2 receives
      Then the filter originates nothing
      When the miniport completes all of them
      Then the filter module is Paused

    @needs-originatesReceives @needs-holdCompletions
    Scenario: An application goes on asking while its receives are outstanding
      Given a running filter module
      And the protocol holds 2 receives that the filter originated
      When NDIS pauses the filter module
      And the application asks the filter to indicate a receive
      Then the filter originates nothing
      When the protocol returns all of them
      Then the filter completes the pause exactly once

    @needs-holdsReceives
    Scenario: Held receives are released while the filter is paused
      Given a running filter module
      And the filter holds 2 receives from below
      When NDIS pauses the filter module
      And the application asks the filter to release the receives it holds
      Then the filter originates nothing
      And the filter has no receives from below in its hands
      And rule PAU-10 is put to the test
