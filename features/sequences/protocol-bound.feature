Feature: A protocol is bound to a running adapter, or unbound
  The stack is paused for it and restarted. So installing any other network component pauses and restarts every filter
  on the adapter. Sources: Starting and Pausing a Filter Module.

  Scenario: A protocol is unbound above a running module, and bound again
    Given a running filter module
    When the protocol is unbound
    Then the unbinding succeeds
    And FilterPause is entered 1 time
    When a protocol is bound
    Then the binding succeeds
    And FilterPause is entered 1 time
    And FilterRestart is entered 1 time
    And the filter module is Running

  Scenario: The filter stays attached without any protocol above it
    Given a running filter module
    When the protocol is unbound
    And the miniport indicates NDIS_STATUS_LINK_STATE
    Then FilterDetach is entered 0 times
    And the filter module is Running

  @needs-holdCompletions @needs-originatesSends
  Scenario: The unbinding waits for a send that the filter originated
    Given a running filter module
    And the miniport holds 1 send that the filter originated
    When the protocol is unbound
    Then the unbinding is pending
    When the miniport completes all of them
    Then the unbinding succeeds
    And the filter module is Running

  @needs-originatesSends
  Scenario: An application writes after a protocol was bound
    Given a running filter module
    And an application has a handle on the filter
    When the protocol is unbound
    And a protocol is bound
    And the application writes a frame to its handle
    Then the write succeeds
    And the filter originates 1 send
