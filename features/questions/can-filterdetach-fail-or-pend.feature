Feature: Can FilterDetach fail or pend?
  No. It returns nothing, and there is no completion function. What it must wait for it waits for inside, at
  PASSIVE_LEVEL, under a watchdog; what it needs was allocated at attach. Rules DET-01, DET-02 and DET-10.

  @needs-memoryPressure
  Scenario: Detach without any memory
    Given a paused filter module
    And every allocation fails
    When NDIS detaches the filter module
    Then the detach succeeds
    And the filter module is not attached

  @needs-scheduleControl @needs-originatesOids
  Scenario: Detach waits for a request that is under way
    Given a running filter module
    And an application has a handle on the filter
    And the driver will stop before it calls NdisFOidRequest
    When the application asks the filter to issue an OID request
    And the user disables adapter "A"
    Then the disabling is pending
    When the stopped thread goes on
    Then the disabling succeeds
    And the system keeps running

  Scenario: Detach follows a pause without anything in between
    Given a paused filter module
    When NDIS detaches the filter module
    Then the detach succeeds
    And FilterPause is entered 0 times
