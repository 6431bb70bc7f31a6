Feature: The user disables an adapter while an application keeps writing
  The crash that this specification starts from, as a history. The handle of the application outlives the filter module,
  so a write may come at any moment: before the pause, between pause and detach, and long after the detach. Only the
  first of these may become a send.

  @needs-originatesSends
  Scenario: The application writes before the pause, between pause and detach, and after the detach
    Given a running filter module
    And an application has a handle on the filter
    When the application writes a frame to its handle
    Then the write succeeds
    When NDIS pauses the filter module
    And the application writes a frame to its handle
    Then the filter originates nothing
    When NDIS detaches the filter module
    And the application writes a frame to its handle
    Then the write does not succeed
    And the filter originates nothing
    And the system keeps running

  @needs-originatesSends @needs-holdCompletions
  Scenario: The application writes on while the dialog waits for its earlier sends
    Given a running filter module
    And the miniport holds 2 sends that the filter originated
    When the user disables adapter "A"
    And the application writes a frame to its handle
    Then the filter originates nothing
    When the miniport completes all of them
    Then the disabling succeeds
    When the application writes a frame to its handle
    Then the write does not succeed
    And the filter originates nothing
    And the system keeps running

  @needs-originatesSends
  Scenario: The application writes to the handle from before when the adapter is back
    Whether the old handle works again is for the driver to say. It must not be deadly.

    Given a running filter module
    And an application has a handle on the filter
    And adapter "A" was disabled and enabled again
    When the application writes a frame to its handle
    Then the system keeps running
    And no rule is broken
