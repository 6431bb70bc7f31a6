Feature: An attach that fails
  FilterAttach is the only chance to say no. FilterDetach does not follow a failed attach.

  @ATT-04
  Rule: A failed FilterAttach leaves nothing behind
    It frees what it allocated and takes the module off every list, timer and handle table.
    Sources: FILTER_ATTACH callback; Attaching a Filter Module.
    Broken: memory leaks with every try; an application that finds the half-made module uses a dead handle.

    @needs-memoryPressure
    Scenario Outline: The <what> for a filter module cannot be allocated
      Given the filter driver is loaded
      And adapter "A" is plugged in
      And the next <what> allocation fails
      When NDIS attaches the filter module
      Then no rule is broken
      And the system keeps running

      Examples:
        | what   |
        | memory |
        | pool   |

    @needs-memoryPressure
    Scenario: The attach succeeds when it is tried again
      Given the filter driver is loaded
      And adapter "A" is plugged in
      And every allocation fails
      When NDIS attaches the filter module
      Then the filter module is not attached
      When memory is available again
      And NDIS attaches the filter module
      Then the attach succeeds
      And the filter module is Paused

    @needs-memoryPressure @needs-userModeHandles @needs-originatesOids
    Scenario: An application looks for the module that could not attach
      Given the filter driver is loaded
      And adapter "A" is plugged in
      And the next pool allocation fails
      When NDIS attaches the filter module
      And an application opens a handle on the filter
      And the application asks the filter to issue an OID request
      Then no rule is broken
      And the system keeps running

    @needs-memoryPressure
    Scenario: The adapter of a failed attach goes away
      Given the filter driver is loaded
      And adapter "A" is plugged in
      And the next pool allocation fails
      When NDIS attaches the filter module
      And Windows unloads the filter driver
      Then the unload succeeds
      And no rule is broken
