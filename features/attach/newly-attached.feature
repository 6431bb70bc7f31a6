Feature: A filter module that was attached and never restarted
  "Attached" is not "running": between FilterAttach and the first successful FilterRestart a module has the rights of a
  Paused one. A module that counts itself as running from its constructor sends into a stack that is still being built.

  @ATT-06
  Rule: A newly attached module is Paused until its first restart succeeds
    It originates no data, whoever asks for it, and refuses sends from above with NDIS_STATUS_PAUSED.
    Sources: Module States of a Filter Driver; Filter Module States and Operations.
    Broken: sends and indications in a stack under construction: bugcheck 0xD1 or 0x3B in a neighbour.

    Scenario: The module waits for its first restart
      Given the filter driver is loaded
      And adapter "A" is plugged in
      When NDIS attaches the filter module
      Then the filter module is Paused
      When NDIS restarts the filter module
      Then the filter module is Running

    @needs-originatesSends
    Scenario: An application writes before the first restart
      Given a newly attached filter module
      And an application has a handle on the filter
      When the application writes a frame to its handle
      Then the write does not succeed
      And the filter originates nothing

    @needs-originatesReceives
    Scenario: An application asks for a receive before the first restart
      Given a newly attached filter module
      And an application has a handle on the filter
      When the application asks the filter to indicate 2 receives
      Then the filter originates nothing

    @needs-originatesFromTimers @needs-virtualTime
    Scenario: A timer that wants to send fires before the first restart
      Given a newly attached filter module
      And an application has a handle on the filter
      When the application asks the filter to send a frame from a timer
      And 60 seconds pass
      Then the filter originates nothing

    @needs-originatesFromWorkItems
    Scenario: A work item that wants to send runs before the first restart
      Given a newly attached filter module
      And an application has a handle on the filter
      When the application asks the filter to send a frame from a work item
      Then the filter originates nothing

    @needs-lateTraffic
    Scenario: A driver above sends before the first restart
      Given a newly attached filter module
      When the protocol sends 3 frames
      Then 3 sends come back with NDIS_STATUS_PAUSED
      And the filter passes no sends down

    @needs-originatesSends
    Scenario: The first restart lifts the ban
      Given a newly attached filter module
      And an application has a handle on the filter
      When NDIS restarts the filter module
      And the application writes a frame to its handle
      Then the write succeeds
      And the filter originates 1 send
