Feature: What a detach releases
  After FilterDetach nothing of the module may exist: memory, pools, timers, work items, requests on their way.

  @DET-03
  Rule: Every resource of the module is released when FilterDetach returns
    Context, NBL pools, timers, work items, configuration handles, strings. User-mode handles are not among them.
    Sources: FILTER_DETACH callback; Detaching a Filter Module.
    Broken: pool leaks with every disable and enable; with Driver Verifier the system stops at unload (0xC4, 0x62).

    Scenario: A module that did nothing is detached
      Given a newly attached filter module
      When NDIS detaches the filter module
      Then the detach succeeds
      And no rule is broken

    Scenario: A module that carried traffic is detached
      Given a running filter module
      When the protocol sends 3 frames
      And the miniport indicates 3 receives
      And the user disables adapter "A"
      Then the disabling succeeds
      And no rule is broken

    @needs-originatesFromTimers
    Scenario: A module with an armed timer is detached
      Given a running filter module
      And an application asked the filter to send a frame from a timer
      When the user disables adapter "A"
      Then the disabling succeeds
      And no rule is broken

    @needs-originatesFromWorkItems
    Scenario: A module that used work items is detached
      Given a running filter module
      And an application asked the filter to send a frame from a work item
      When the user disables adapter "A"
      Then the disabling succeeds
      And no rule is broken

    @needs-userModeHandles
    Scenario: A module with an open handle is detached
      Given a running filter module
      And an application has a handle on the filter
      When the user disables adapter "A"
      Then the disabling succeeds
      And no rule is broken

  @DET-08
  Rule: All NBLs of a pool are freed before the pool is
    So no NBL of the module is anywhere at all when it is detached.
    Sources: NdisFreeNetBufferListPool; Bug Check 0x7C.
    Broken: pool corruption (0x19, 0xC2), or 0xD1 when the NBL comes back; NDIS finds it at deregistration (0x7C, 0x27).

    @needs-originatesSends
    Scenario: A module that sent is detached
      Given a running filter module
      And an application has a handle on the filter
      When the application writes 3 frames to its handle
      And the user disables adapter "A"
      Then the disabling succeeds
      And no rule is broken

    @needs-originatesReceives
    Scenario: A module that indicated receives is detached
      Given a running filter module
      And an application has a handle on the filter
      When the application asks the filter to indicate 3 receives
      And the application asks the filter to indicate 2 receives with NDIS_RECEIVE_FLAGS_RESOURCES
      And the user disables adapter "A"
      Then the disabling succeeds
      And no rule is broken

    @needs-originatesSends @needs-holdCompletions
    Scenario: The pool outlives the last send
      Given a running filter module
      And the miniport holds 2 sends that the filter originated
      When the user disables adapter "A"
      Then the disabling is pending
      When the miniport completes all of them
      Then the disabling succeeds
      And no rule is broken

    @needs-originatesSends @needs-memoryPressure
    Scenario: A module that ran short of NBLs is detached
      Given a running filter module
      And an application has a handle on the filter
      And the next NBL allocation fails
      When the application writes 2 frames in one chain to its handle
      And the application writes 2 frames to its handle
      And the user disables adapter "A"
      Then the disabling succeeds
      And no rule is broken

  @DET-09
  Rule: A detach makes the module unreachable, then waits for those who still use it, then frees it
    Requests of applications, timers and work items run on threads that NDIS does not wait for.
    Sources: NdisCancelTimerObject; Detaching a Filter Module; field reports of several drivers.
    Broken: the module is freed under a thread that uses it: bugcheck 0x3B, 0x50 or 0xD1.

    @needs-originatesStatus @needs-scheduleControl
    Scenario: A status indication for an application is under way when the adapter is disabled
      Given a running filter module
      And an application has a handle on the filter
      And the driver will stop before it calls NdisFIndicateStatus inside IRP_MJ_DEVICE_CONTROL
      When the application asks the filter to indicate a status
      Then a thread of the driver stands still
      When the user disables adapter "A"
      Then the disabling is pending
      When the stopped thread goes on
      Then the disabling succeeds
      And the system keeps running

    @needs-originatesOids @needs-scheduleControl
    Scenario: An OID request for an application is under way when the adapter is disabled
      Given a running filter module
      And an application has a handle on the filter
      And the driver will stop before it calls NdisFOidRequest inside IRP_MJ_DEVICE_CONTROL
      When the application asks the filter to issue an OID request
      Then a thread of the driver stands still
      When the user disables adapter "A"
      Then the disabling is pending
      When the stopped thread goes on
      Then the disabling succeeds
      And the system keeps running

    @needs-originatesOids @needs-originatesFromWorkItems @needs-scheduleControl
    Scenario: A work item is under way when the adapter is disabled
      Given a running filter module
      And an application has a handle on the filter
      And the driver will stop before it calls NdisFOidRequest inside NdisIoWorkItemFunction
      When the application asks the filter to issue an OID request from a work item
      Then a thread of the driver stands still
      When the user disables adapter "A"
      Then the disabling is pending
      When the stopped thread goes on
      Then the disabling succeeds
      And the system keeps running

    @needs-originatesStatus @needs-originatesFromTimers @needs-scheduleControl @needs-virtualTime
    Scenario: A timer callback is under way when the adapter is disabled
      Given a running filter module
      And an application asked the filter to indicate a status from a timer
      And the driver will stop before it calls NdisFIndicateStatus inside NdisTimerFunction
      When 60 seconds pass
      Then a thread of the driver stands still
      When the user disables adapter "A"
      Then the disabling is pending
      When the stopped thread goes on
      Then the disabling succeeds
      And the system keeps running

    @needs-originatesFromWorkItems @needs-scheduleControl
    Scenario: A work item is queued and has not begun when the adapter is disabled
      Given a running filter module
      And an application has a handle on the filter
      And the driver will stop before NdisIoWorkItemFunction is entered
      When the application asks the filter to send a frame from a work item
      And the user disables adapter "A"
      And the stopped thread goes on
      Then the disabling succeeds
      And no rule is broken
      And the system keeps running

    @needs-originatesFromTimers @needs-scheduleControl @needs-virtualTime
    Scenario: A timer is due and has not fired when the adapter is disabled
      Given a running filter module
      And an application asked the filter to send a frame from a timer
      And the driver will stop before NdisTimerFunction is entered
      When 60 seconds pass
      And the user disables adapter "A"
      And the stopped thread goes on
      Then the disabling succeeds
      And no rule is broken
      And the system keeps running

    @needs-userModeHandles @needs-scheduleControl
    Scenario: An application closes its handle while the module is being detached
      Given a running filter module
      And an application has a handle on the filter
      And the driver will stop before FilterDetach is entered
      When the user disables adapter "A"
      And the application closes its handle
      And the stopped thread goes on
      Then the disabling succeeds
      And the system keeps running

    @needs-originatesSends @needs-scheduleControl
    Scenario: A write has just ended its send when the adapter is disabled
      Given a running filter module
      And an application has a handle on the filter
      And the driver will stop before IRP_MJ_WRITE returns
      When the application writes a frame to its handle
      And the user disables adapter "A"
      And the stopped thread goes on
      Then the disabling succeeds
      And the system keeps running
      And no rule is broken

    @needs-userModeHandles @needs-scheduleControl
    Scenario: An application looks for the module while it is being detached
      Given a running filter module
      And the driver will stop before FilterDetach returns
      When the user disables adapter "A"
      And an application opens a handle on the filter
      And the stopped thread goes on
      Then the disabling succeeds
      And the filter originates nothing
      And the system keeps running
