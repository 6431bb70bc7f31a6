Feature: May FilterPause fail? May FilterRestart fail?
  FilterPause never: NDIS_STATUS_SUCCESS or NDIS_STATUS_PENDING, also without any memory. FilterRestart may, with
  NDIS_STATUS_RESOURCES or NDIS_STATUS_FAILURE; then the module is Paused again, and NDIS detaches it. Rules PAU-01,
  PAU-22, RST-01 and RST-11.

  @needs-memoryPressure
  Scenario: A pause without any memory
    Given a running filter module
    And every allocation fails
    When NDIS pauses the filter module
    Then FilterPause returns NDIS_STATUS_SUCCESS or NDIS_STATUS_PENDING
    And the filter completes the pause exactly once
    And the filter module is Paused

  @needs-surpriseRemoval
  Scenario: A pause of an adapter that has gone
    Given a running filter module
    When adapter "A" is surprise-removed
    Then the removal succeeds
    And FilterPause returns NDIS_STATUS_SUCCESS or NDIS_STATUS_PENDING

  @C10 @needs-memoryPressure
  Scenario: A restart without any memory
    The state table has the module Paused after a failed restart, the guide says that NDIS detaches it. The reading
    taken: Paused, then detached. A driver that needs no memory to restart may succeed.

    Given a newly attached filter module
    And every allocation fails
    When NDIS restarts the filter module
    And the user disables adapter "A"
    Then the filter module is not attached
    And no rule is broken
