Feature: Why did the driver still crash after its first fix?
  Because the fix guarded the wrong object. Pause asked counters that nobody counted, set no flag when nothing was
  outstanding, and the application's handle kept the NDIS handle of a module that was gone: the next write called
  NdisFSendNetBufferLists on freed memory. That is the bluescreen, SYSTEM_SERVICE_EXCEPTION (0x3B), before the fix and
  after it. A correct driver closes one gate in every pause, counts under the same lock, opens the gate in restart, and
  cuts every handle off in detach. The last scenarios show two such designs on exactly the same histories: "reference"
  takes rundown protection round each send and waits in FilterPause, "counting" counts under the lock and then sends,
  and whoever brings the count to zero completes the pause.

  @exhibit
  Scenario: Before any fix an application's write goes out while the module is Paused
    Given the filter driver "npcap-2016-no-pause"
    And a paused filter module
    When an application writes a frame to its handle
    Then the filter originates 1 send
    And rule PAU-07 is broken
    And rule DEV-04 is broken

  @exhibit @needs-holdCompletions
  Scenario: Before any fix a pause does not wait for the sends that are out
    Given the filter driver "npcap-2016-no-pause"
    And a running filter module
    And the miniport holds 2 sends that the filter originated
    When NDIS pauses the filter module
    Then FilterPause returns NDIS_STATUS_SUCCESS
    And rule PAU-11 is broken

  @exhibit
  Scenario: Before any fix a write after the adapter was disabled stops the system
    Given the filter driver "npcap-2016-no-pause"
    And a running filter module
    And an application has a handle on the filter
    When the user disables adapter "A"
    And the application writes a frame to its handle
    Then the system stops with SYSTEM_SERVICE_EXCEPTION in NdisFSendNetBufferLists
    And rule DET-06 is broken
    And rule DEV-03 is broken
    And rule DEV-04 is broken
    And rule DET-03 is broken

  @exhibit @needs-holdCompletions
  Scenario: The first fix asks counters of the module, but sends are counted on the handle
    Given the filter driver "npcap-2016-first-fix"
    And a running filter module
    And the miniport holds 2 sends that the filter originated
    When NDIS pauses the filter module
    Then FilterPause returns NDIS_STATUS_SUCCESS
    And rule PAU-11 is broken

  @exhibit
  Scenario: The first fix closes no gate when the pause succeeds at once
    Given the filter driver "npcap-2016-first-fix"
    And a paused filter module
    When an application writes a frame to its handle
    Then the filter originates 1 send
    And rule PAU-07 is broken
    And rule DEV-04 is broken

  @exhibit
  Scenario: After the first fix a write after the adapter was disabled still stops the system
    Given the filter driver "npcap-2016-first-fix"
    And a running filter module
    And an application has a handle on the filter
    When the user disables adapter "A"
    And the application writes a frame to its handle
    Then the system stops with SYSTEM_SERVICE_EXCEPTION in NdisFSendNetBufferLists
    And rule DET-06 is broken
    And rule DEV-03 is broken
    And rule DEV-04 is broken
    And rule DET-03 is broken

  @exhibit
  Scenario: After the first fix the old handle is just as deadly when the adapter is back
    Given the filter driver "npcap-2016-first-fix"
    And a running filter module
    And an application has a handle on the filter
    When the user disables adapter "A"
    And the user enables adapter "A"
    And the application writes a frame to its handle
    Then the system stops with SYSTEM_SERVICE_EXCEPTION
    And rule DET-06 is broken
    And rule DEV-03 is broken
    And rule DEV-04 is broken
    And rule DET-03 is broken

  @exhibit
  Scenario: The sketch leaves the gate open when nothing is outstanding
    Given the filter driver "answers-sketch"
    And a paused filter module
    When an application writes a frame to its handle
    Then the filter originates 1 send
    And rule PAU-07 is broken
    And rule DEV-04 is broken

  @exhibit @needs-holdCompletions
  Scenario: The sketch refuses for ever after a pause that pended
    Given the filter driver "answers-sketch"
    And a pausing filter module
    When the miniport completes all of them
    And NDIS restarts the filter module
    And the application writes a frame to its handle
    Then the write fails
    And rule RST-13 is broken

  @exhibit
  Scenario: The sketch counts an originated receive and never counts it back
    Given the filter driver "answers-sketch"
    And a running filter module
    And an application has a handle on the filter
    When the application asks the filter to indicate 1 receive
    And NDIS pauses the filter module
    Then the pause is pending
    And rule PAU-02 is broken

  @exhibit @needs-holdCompletions
  Scenario: The sketch does get the case right that it was written for
    Given the filter driver "answers-sketch"
    And a pausing filter module
    When the application writes a frame to its handle
    Then the write fails
    When the miniport completes all of them
    Then the filter completes the pause exactly once
    And no rule is broken

  @exhibit
  Scenario Outline: <driver>: an application's write does not go out while the module is Paused
    Given the filter driver "<driver>"
    And a paused filter module
    When an application writes a frame to its handle
    Then the write fails
    And the filter originates nothing
    And no rule is broken

    Examples:
      | driver    |
      | reference |
      | counting  |

  @exhibit @needs-holdCompletions
  Scenario Outline: <driver>: a pause waits for the sends that are out
    Given the filter driver "<driver>"
    And a running filter module
    And the miniport holds 2 sends that the filter originated
    When NDIS pauses the filter module
    Then the pause is pending
    When the miniport completes all of them
    Then the filter completes the pause exactly once
    And no rule is broken

    Examples:
      | driver    |
      | reference |
      | counting  |

  @exhibit
  Scenario Outline: <driver>: a write after the adapter was disabled fails, and nothing else happens
    Given the filter driver "<driver>"
    And a running filter module
    And an application has a handle on the filter
    When the user disables adapter "A"
    And the application writes a frame to its handle
    Then the write fails
    And the system keeps running
    And no rule is broken

    Examples:
      | driver    |
      | reference |
      | counting  |

  @exhibit
  Scenario Outline: <driver>: the old handle works again when the adapter is back
    Given the filter driver "<driver>"
    And a running filter module
    And an application has a handle on the filter
    When the user disables adapter "A"
    And the user enables adapter "A"
    And the application writes a frame to its handle
    Then the write succeeds
    And the system keeps running
    And no rule is broken

    Examples:
      | driver    |
      | reference |
      | counting  |

  @exhibit @needs-holdCompletions
  Scenario Outline: <driver>: sends flow again after a pause that pended
    Given the filter driver "<driver>"
    And a pausing filter module
    When the miniport completes all of them
    And NDIS restarts the filter module
    And the application writes a frame to its handle
    Then the write succeeds
    And the filter originates 1 send
    And no rule is broken

    Examples:
      | driver    |
      | reference |
      | counting  |

  @exhibit
  Scenario Outline: <driver>: a receive that came back does not hold up the pause
    Given the filter driver "<driver>"
    And a running filter module
    And an application has a handle on the filter
    When the application asks the filter to indicate 1 receive
    And NDIS pauses the filter module
    Then the filter completes the pause exactly once
    And the filter module is Paused
    And no rule is broken

    Examples:
      | driver    |
      | reference |
      | counting  |

  @exhibit @needs-scheduleControl
  Scenario: A write counted before the pause calls NdisFSendNetBufferLists after FilterPause returned NDIS_STATUS_PENDING
    FilterPause pends because of this very write. What is forbidden is to begin after FilterPause was entered, and to
    send after the pause has completed.

    Given the filter driver "counting"
    And a running filter module
    And a write of the application has stopped before NdisFSendNetBufferLists
    When NDIS pauses the filter module
    Then FilterPause returns NDIS_STATUS_PENDING
    When the stopped thread goes on
    Then the filter originates 1 send
    And the filter completes the pause exactly once
    And rule PAU-06 is broken only in its strict reading
    And no rule is broken

  @exhibit @needs-scheduleControl
  Scenario: With rundown protection the same write is over before FilterPause returns
    Given the filter driver "reference"
    And a running filter module
    And a write of the application has stopped before NdisFSendNetBufferLists
    When NDIS pauses the filter module
    Then FilterPause has not returned
    When the stopped thread goes on
    Then the filter originates 1 send
    And the filter completes the pause exactly once
    And no rule is broken

  @exhibit @needs-scheduleControl @needs-holdCompletions @U16
  Scenario Outline: <driver>: NdisFPauseComplete is called before FilterPause has returned NDIS_STATUS_PENDING
    The last send comes back on another processor at this moment. No page allows it, none forbids it, and a driver can
    hardly avoid it. The reading taken: it is legal.

    Given the filter driver "<driver>"
    And a running filter module
    And the miniport holds 1 send that the filter originated
    And the driver will stop before FilterPause returns
    When NDIS pauses the filter module
    And the miniport completes all of them
    Then the filter calls NdisFPauseComplete exactly once
    When the stopped thread goes on
    Then FilterPause returns NDIS_STATUS_PENDING
    And the filter module is Paused
    And no rule is broken

    Examples:
      | driver    |
      | reference |
      | counting  |
