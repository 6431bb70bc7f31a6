Feature: PnP stops an adapter to rebalance resources
  For the filter this is what disabling is: the same events, pause and detach. The device object stays, and soon the
  stack starts again. Sources: Stopping a NIC.

  Scenario: The stack is stopped and started again
    Given a running filter module
    When NDIS sends NetEventQueryRemoveDevice
    And NDIS pauses the filter module
    And NDIS detaches the filter module
    Then the filter module is not attached
    When NDIS attaches the filter module
    And NDIS restarts the filter module
    Then the filter module is Running
