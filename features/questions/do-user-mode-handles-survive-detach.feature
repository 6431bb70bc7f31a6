@needs-userModeHandles
Feature: Do user-mode handles survive FilterDetach?
  Yes. The control device belongs to the driver; nothing closes handles when a module is detached, and after a new
  attach there is a new module with a new NDIS handle. So a request looks its module up each time. What it fails with is
  the driver's choice. Rules DEV-03, DEV-04 and DEV-05.

  @needs-originatesSends
  Scenario: A handle outlives its module and fails politely
    Given a running filter module
    And an application has a handle on the filter
    And adapter "A" was disabled
    When the application writes a frame to its handle
    Then the write does not succeed
    And the system keeps running

  @needs-originatesSends @needs-originatesOids @needs-originatesStatus
  Scenario: Nothing at all gets out through a handle that outlived its module
    Given a running filter module
    And an application has a handle on the filter
    And adapter "A" was disabled
    When the application writes a frame to its handle
    And the application asks the filter to issue an OID request
    And the application asks the filter to indicate a status
    Then the filter originates nothing
    And the system keeps running

  @needs-originatesSends
  Scenario: Two handles on one module share its fate
    Given a running filter module
    And an application has a handle on the filter
    And another application has a handle on the filter
    And adapter "A" was disabled
    When the application writes a frame to its handle
    And the other application writes a frame to its handle
    Then the filter originates nothing
    And the system keeps running

  @needs-originatesSends
  Scenario: A handle is used on the module of the next attach
    Given a running filter module
    And an application has a handle on the filter
    And adapter "A" was disabled and enabled again
    When the application writes a frame to its handle
    Then the system keeps running
    And no rule is broken
