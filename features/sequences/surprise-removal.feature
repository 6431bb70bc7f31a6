@needs-surpriseRemoval
Feature: An adapter is pulled out
  Nobody is asked in earnest, but the events are the same: there is no code for surprise on the way up. The miniport is
  told, and from then on it fails sends and OID requests. The pause still may not fail. Sources: Processing the Surprise
  Removal of a NIC (Windows 7 and later versions).

  Scenario: An idle adapter is pulled out
    Given a running filter module
    When adapter "A" is surprise-removed
    Then NetEventQueryRemoveDevice reaches the protocol
    And NdisDevicePnPEventSurpriseRemoved reaches the miniport
    And NDIS enters FilterPause before FilterDetach
    And the filter module is not attached

  @needs-holdCompletions @needs-originatesSends
  Scenario: An adapter is pulled out with sends of the filter in it
    Given a running filter module
    And the miniport holds 2 sends that the filter originated
    When adapter "A" is surprise-removed
    And the miniport completes all of them with NDIS_STATUS_NOT_ACCEPTED
    Then the removal succeeds
    And the filter module is not attached

  @needs-originatesSends
  Scenario: An application writes to an adapter that was pulled out
    Given a running filter module
    And an application has a handle on the filter
    When adapter "A" is surprise-removed
    And the application writes a frame to its handle
    Then the write does not succeed
    And the system keeps running

  Scenario: An adapter with two modules is pulled out
    Given adapter "A" carries two modules of the filter driver
    And a running filter module
    When adapter "A" is surprise-removed
    Then the removal succeeds
    And NDIS pauses the upper filter module before the lower filter module
    And NDIS detaches the upper filter module before the lower filter module
