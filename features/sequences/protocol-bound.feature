Feature: A protocol is bound to a running adapter, or unbound
  The stack is paused for it and restarted. So installing any other network component pauses and restarts every filter
  on the adapter. Source: Starting and Pausing a Filter Module.

  Scenario: A protocol is bound above a running module
    Given a running filter module
    When a protocol is bound
    Then the binding succeeds
    And FilterPause is entered 1 time
    And FilterRestart is entered 1 time
    And the filter module is Running

  Scenario: The protocol is unbound and nobody is left above
    Given a running filter module
    When the protocol is unbound
    Then the unbinding succeeds
    And FilterDetach is entered 0 times

  @needs-holdCompletions @needs-originatesSends
  Scenario: The binding waits for a send that the filter originated
    Given a running filter module
    And the miniport holds 1 send that the filter originated
    When a protocol is bound
    Then the binding is pending
    When the miniport completes all of them
    Then the binding succeeds
    And the filter module is Running

  @needs-originatesSends
  Scenario: An application writes after a protocol was bound
    Given a running filter module
    And an application has a handle on the filter
    When a protocol is bound
    And the application writes a frame to its handle
    Then the write succeeds
    And the filter originates 1 send
