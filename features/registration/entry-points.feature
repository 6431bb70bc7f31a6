Feature: Entry points that a filter driver registers
  NdisFRegisterFilterDriver takes the table of a driver's entry points. NDIS calls what is in the table and skips what is
  not, so a gap shows up much later, far away from DriverEntry.

  @REG-05
  Rule: FilterAttach, FilterDetach, FilterRestart and FilterPause are always there
    NDIS moves every filter module through its states by these four. All other entry points are optional.
    Sources: Initializing a Filter Driver; NDIS_FILTER_DRIVER_CHARACTERISTICS.
    Broken: registration fails with NDIS_STATUS_BAD_CHARACTERISTICS and the driver never attaches to anything.

    Scenario: A filter driver registers
      When Windows loads the filter driver
      Then the load succeeds

    Scenario Outline: The entry point <entry point> is registered
      When Windows loads the filter driver
      Then the driver registers <entry point>

      Examples:
        | entry point   |
        | FilterAttach  |
        | FilterDetach  |
        | FilterRestart |
        | FilterPause   |

  @REG-07
  Rule: A handler for OID requests and the handler for their completions come as a pair
    FilterOidRequest needs FilterOidRequestComplete and the other way round; the direct OID handlers likewise. The
    synchronous OID handlers are the exception: one, both or none of them is legal.
    Sources: FILTER_OID_REQUEST; FILTER_OID_REQUEST_COMPLETE; FILTER_DIRECT_OID_REQUEST.
    Broken: registration fails; if it did not, a forwarded request would complete into nothing.

    Scenario Outline: <request> and <completion> are registered together
      When Windows loads the filter driver
      Then the driver registers both <request> and <completion> or neither

      Examples:
        | request                | completion                     |
        | FilterOidRequest       | FilterOidRequestComplete       |
        | FilterDirectOidRequest | FilterDirectOidRequestComplete |

  @REG-09
  Rule: Whoever calls down or up has the callback in which the work comes back
    NdisFSendNetBufferLists needs FilterSendNetBufferListsComplete, originating receives needs FilterReturnNetBufferLists,
    NdisFOidRequest needs FilterOidRequestComplete. What counts is the table in force, after any change by
    NdisSetOptionalHandlers.
    Sources: Data Bypass Mode; FILTER_SEND_NET_BUFFER_LISTS_COMPLETE; FILTER_RETURN_NET_BUFFER_LISTS.
    Broken: the object can never be given back: it leaks, and the next pause hangs.

    @needs-originatesSends
    Scenario: A send that the filter originates comes back to it
      Given a running filter module
      When an application writes a frame to its handle
      Then the filter originates 1 send
      And FilterSendNetBufferListsComplete is entered 1 time

    @needs-originatesReceives
    Scenario: A receive that the filter originates comes back to it
      Given a running filter module
      When an application asks the filter to indicate a receive
      Then the filter originates 1 receive
      And FilterReturnNetBufferLists is entered 1 time

    @needs-originatesOids
    Scenario: An OID request that the filter originates comes back to it
      Given a running filter module
      And the miniport completes OID requests later
      When an application asks the filter to issue an OID request
      Then the filter originates 1 OID request
      And FilterOidRequestComplete is entered 1 time

    @needs-changesHandlers @needs-originatesSends
    Scenario: An application writes to a filter that has stepped out of the data path
      Given a running filter module
      And an application asked the filter to bypass the data path
      When the application writes a frame to its handle
      Then the system keeps running
      And no rule is broken
