Feature: What must be zero before FilterDetach returns?
  Own NBLs and queued ones of others (the pause has seen to that), own OID requests, timers, work items, requests of
  applications that use the module, pools, configuration handles. Not handles of applications. Rules DET-03, DET-04,
  DET-08 and DET-09.

  @needs-originatesSends @needs-originatesReceives @needs-modifiesData
  Scenario: A module that has done everything leaves nothing behind
    Given a running filter module
    And an application asked the filter to modify the frames that pass
    When the application writes 3 frames to its handle
    And the application asks the filter to indicate 2 receives
    And the protocol sends 2 frames
    And the user disables adapter "A"
    Then the disabling succeeds
    And no rule is broken

  @needs-originatesOids @needs-holdCompletions
  Scenario: The miniport still has an OID request of the filter
    Given a running filter module
    And the miniport holds an OID request that the filter originated
    When the user disables adapter "A"
    And the miniport completes the OID request
    Then the disabling succeeds
    And the filter module is not attached

  @needs-originatesSynchronousOids @needs-holdCompletions
  Scenario: A thread of the filter is inside a synchronous OID request
    Given a running filter module
    And the miniport holds a synchronous OID request that the filter originated
    When the user disables adapter "A"
    Then the disabling is pending
    When the miniport completes the OID request
    Then the disabling succeeds
    And the filter module is not attached

  @needs-originatesFromTimers @needs-virtualTime
  Scenario: Timers are armed
    Given a running filter module
    And an application asked the filter to send a frame from a timer
    And the application asked the filter to indicate a status from a timer
    When the user disables adapter "A"
    And 10 seconds pass
    Then the filter originates nothing
    And no rule is broken

  @needs-userModeHandles
  Scenario: Handles of applications stay open
    Given a running filter module
    And an application has a handle on the filter
    When the user disables adapter "A"
    Then the disabling succeeds
    When the application closes its handle
    Then the request succeeds
    And no rule is broken
