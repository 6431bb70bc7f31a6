Feature: A Paused module can be detached at any time
  No restart needs to have come before, and no further pause comes.

  @DET-02
  Rule: FilterDetach is accepted whenever the module is Paused
    Directly after the attach, after a failed restart, after a pause long ago.
    Sources: Module States of a Filter Driver; Starting a Filter Module.
    Broken: an assertion, a crash or a hang in the detach (0x7C or 0x15E, 0x25/0x14).

    Scenario: A module that never ran is detached
      Given a newly attached filter module
      When NDIS detaches the filter module
      Then the detach succeeds
      And the filter module is not attached

    @needs-userModeHandles
    Scenario: A module that never ran is detached under an open handle
      Given a newly attached filter module
      And an application has a handle on the filter
      When NDIS detaches the filter module
      Then the detach succeeds
      And the filter module is not attached

    Scenario: A paused module is detached
      Given a paused filter module
      When NDIS detaches the filter module
      Then the detach succeeds
      And FilterPause is entered 0 times

    @needs-memoryPressure
    Scenario: A module is detached whose restart failed
      Given a newly attached filter module
      And every allocation fails
      When NDIS restarts the filter module
      And NDIS detaches the filter module
      Then the filter module is not attached
      And the system keeps running

    @needs-virtualTime
    Scenario: A module is detached a long time after its pause
      Given a paused filter module
      When 60 seconds pass
      And NDIS detaches the filter module
      Then the detach succeeds

    Scenario: A module attaches and detaches three times
      Given a running filter module
      And adapter "A" was disabled and enabled again
      And adapter "A" was disabled and enabled again
      When the user disables adapter "A"
      Then the disabling succeeds
      And the filter module is not attached
