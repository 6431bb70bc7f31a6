Feature: A mandatory filter
  Where the filter is mandatory, no protocol is bound without it. If it cannot attach, there is no stack. Source:
  Mandatory Filter Drivers; Attaching a Filter Module.

  Scenario: A mandatory filter attaches
    Given the filter is mandatory on adapter "A"
    And a running filter module
    When the protocol sends 2 frames
    Then 2 sends come back with NDIS_STATUS_SUCCESS

  @exhibit @C11 @needs-memoryPressure
  Scenario: A mandatory filter cannot attach for lack of memory
    One sentence says that a failed attach ends the stack, another that only a mandatory filter's does. The reading
    taken: only a mandatory filter's.

    Given the filter driver "reference"
    And the filter is mandatory on adapter "A"
    And adapter "A" is plugged in
    And the filter driver is loaded
    And every allocation fails
    When the user enables adapter "A"
    Then the enabling fails
    And the filter module is not attached

  @exhibit @C11 @needs-memoryPressure @needs-stackedFilters
  Scenario: An optional filter cannot attach for lack of memory
    Given the filter driver "reference"
    And adapter "A" has a neighbour filter above the filter module
    And adapter "A" is plugged in
    And the filter driver is loaded
    And every allocation fails
    When the user enables adapter "A"
    Then the filter module is not attached
    When the protocol sends 2 frames
    Then 2 sends come back with NDIS_STATUS_SUCCESS
