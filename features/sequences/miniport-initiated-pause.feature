Feature: The miniport asks for a pause
  From NDIS 6.50 a miniport can require a pause and allow the start again. These events are never delivered to filters:
  a filter sees an ordinary pause and an ordinary restart. Sources: NET_PNP_EVENT.

  @needs-plainPause
  Scenario: The filter sees a pause without a reason and a restart
    Given a running filter module
    When NDIS pauses the filter module
    And NDIS restarts the filter module
    Then FilterPause is entered 1 time
    And FilterNetPnPEvent is entered 0 times
    And the filter module is Running

  @needs-originatesSends
  Scenario: A restart follows a pause at once, again and again
    Given a filter module that was paused and restarted
    And an application has a handle on the filter
    When NDIS pauses the filter module
    And NDIS restarts the filter module
    And the application writes a frame to its handle
    Then the write succeeds
    And the filter originates 1 send
