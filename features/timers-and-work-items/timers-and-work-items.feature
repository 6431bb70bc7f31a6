Feature: Timers and work items
  A timer fires when its time has come, a work item runs when a worker is free, whatever has become of the module in the
  meantime.

  @TMR-01 @needs-originatesFromTimers @needs-virtualTime
  Rule: A timer is cancelled before what its callback touches is freed
    If NdisCancelTimerObject says that the timer was no longer in the queue, the callback may be running on another
    processor, and the filter waits for it to end. Sources: NdisCancelTimerObject; NdisSetTimerObject; the
    CancelTimerObject rule of Static Driver Verifier.
    Broken: the callback works on freed memory (bugcheck 0xD1, 0xC7).

    Scenario: The adapter is disabled before the timer fires
      Given a running filter module
      And an application asked the filter to send a frame from a timer
      When the user disables adapter "A"
      And 10 seconds pass
      Then the filter module is not attached
      And the filter originates nothing
      And rule TMR-01 is put to the test

    @needs-scheduleControl
    Scenario: The adapter is disabled while the timer's callback runs
      Given a running filter module
      And an application asked the filter to send a frame from a timer
      And the driver will stop before it calls NdisFSendNetBufferLists
      When 10 seconds pass
      And the user disables adapter "A"
      Then the disabling is pending
      When the stopped thread goes on
      Then the disabling succeeds
      And the system keeps running

    @needs-scheduleControl
    Scenario: The adapter is disabled when the timer's callback has nothing left to do but return
      Given a running filter module
      And an application asked the filter to send a frame from a timer
      And the driver will stop before NdisTimerFunction returns
      When 10 seconds pass
      And the user disables adapter "A"
      And the stopped thread goes on
      Then the disabling succeeds
      And the system keeps running
      And rule TMR-01 is put to the test

  @TMR-02
  Rule: Each timer object and each work item is freed once, and no work item while it is queued
    A work item may be freed inside its own callback. Sources: NdisAllocateTimerObject; NdisAllocateIoWorkItem;
    NdisQueueIoWorkItem.
    Broken: memory leaks, or a callback runs in freed memory.

    @needs-originatesFromTimers @needs-virtualTime
    Scenario: A timer that has fired is freed with its module
      Given a running filter module
      And an application asked the filter to send a frame from a timer
      When 10 seconds pass
      And the user disables adapter "A"
      Then the disabling succeeds
      And rule TMR-02 is put to the test

    @needs-originatesFromWorkItems
    Scenario: A work item that has run is freed with its module
      Given a running filter module
      When an application asks the filter to send a frame from a work item
      And the user disables adapter "A"
      Then the disabling succeeds
      And rule TMR-02 is put to the test

  @TMR-03
  Rule: A timer or work item that uses a module holds it, asks the gate again, and is over before FilterDetach returns
    The state may have changed between arming and firing: what was allowed when the work was queued may be forbidden
    when it runs. Sources: Pausing a Filter Module; NdisCancelTimerObject.
    Broken: a send while Paused, or on a module that has been freed (bugcheck 0x3B, 0x50).

    @needs-originatesFromTimers @needs-virtualTime
    Scenario: A timer that fires while Running sends
      Given a running filter module
      And an application asked the filter to send a frame from a timer
      When 10 seconds pass
      Then the filter originates 1 send

    @needs-originatesFromTimers @needs-virtualTime
    Scenario: A timer that fires while Paused does not send
      Given a running filter module
      And an application asked the filter to send a frame from a timer
      When NDIS pauses the filter module
      And 10 seconds pass
      Then the filter module is Paused
      And the filter originates nothing
      And rule TMR-03 is put to the test

    @needs-originatesFromTimers @needs-virtualTime @needs-holdCompletions
    Scenario: A timer that fires while Pausing does not send
      Given a running filter module
      And the miniport holds 1 send that the filter originated
      And the application asked the filter to send a frame from a timer
      When NDIS pauses the filter module
      And 5 seconds pass
      Then the pause is pending
      And the filter originates nothing

    @needs-originatesFromTimers @needs-originatesStatus @needs-virtualTime
    Scenario: A timer that fires while Paused may indicate a status
      Given a running filter module
      And an application asked the filter to indicate a status from a timer
      When NDIS pauses the filter module
      And 10 seconds pass
      Then the filter module is Paused
      And the filter was free to originate 1 status indication

    @needs-originatesFromTimers @needs-virtualTime
    Scenario: A timer of a module's former life does not send in the new one
      Given a running filter module
      And an application asked the filter to send a frame from a timer
      And adapter "A" was disabled and enabled again
      When 10 seconds pass
      Then the filter originates nothing
      And the system keeps running

    @needs-originatesFromTimers @needs-originatesStatus @needs-virtualTime
    Scenario: A timer does not indicate status after detach
      Given a running filter module
      And an application asked the filter to indicate a status from a timer
      When the user disables adapter "A"
      And 10 seconds pass
      Then the filter module is not attached
      And the filter originates nothing

    @needs-originatesFromWorkItems
    Scenario: A work item that runs while Running sends
      Given a running filter module
      When an application asks the filter to send a frame from a work item
      Then the filter originates 1 send

    @needs-originatesFromWorkItems @needs-scheduleControl
    Scenario: The adapter is disabled while a work item runs
      Given a running filter module
      And the driver will stop before it calls NdisFSendNetBufferLists inside NdisIoWorkItemFunction
      When an application asks the filter to send a frame from a work item
      And the user disables adapter "A"
      Then the disabling is pending
      When the stopped thread goes on
      Then the disabling succeeds
      And the system keeps running

    @needs-originatesFromWorkItems @needs-scheduleControl
    Scenario: The adapter is disabled when a work item has nothing left to do but return
      Given a running filter module
      And the driver will stop before NdisIoWorkItemFunction returns
      When an application asks the filter to send a frame from a work item
      And the user disables adapter "A"
      And the stopped thread goes on
      Then the disabling succeeds
      And the system keeps running
      And rule TMR-03 is put to the test

    @needs-originatesFromWorkItems @needs-originatesOids
    Scenario: A work item issues an OID request while its module is Paused
      Given a paused filter module
      When an application asks the filter to issue an OID request from a work item
      Then the filter was free to originate 1 OID request
      And the filter module is Paused

    @needs-originatesFromWorkItems @needs-originatesOids @needs-holdCompletions
    Scenario: The adapter is disabled while a work item waits for the filter's OID request
      Given a running filter module
      And the miniport keeps the OID requests it gets
      When an application asks the filter to issue an OID request from a work item
      And the user disables adapter "A"
      And the miniport completes the OID requests
      Then the disabling succeeds
      And the filter module is not attached
