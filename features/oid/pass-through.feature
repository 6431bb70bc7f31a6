Feature: Passing OID requests through
  NDIS hands the filter one OID request at a time in FilterOidRequest. The filter answers it itself or forwards a clone;
  either way the original is finished exactly once.

  @OP-01
  Rule: An OID request is finished once, by the return of FilterOidRequest or by NdisFOidRequestComplete
    A final status returned from FilterOidRequest ends the request, and no completion call may follow. After
    NDIS_STATUS_PENDING exactly one call of NdisFOidRequestComplete follows, with the original request and a final
    status. Sources: Filtering OID Requests in an NDIS Filter Driver; FILTER_OID_REQUEST callback;
    NdisFOidRequestComplete.
    Broken: never finished, the stack waits (bugcheck 0x7C with 0x25 and 0x24); finished twice, memory is corrupted
    (bugcheck 0x7C with 0x26).

    Scenario: The miniport answers inside the call
      Given a running filter module
      And the miniport completes OID requests inside the call
      When the protocol queries OID_GEN_STATISTICS
      Then the OID request comes back with NDIS_STATUS_SUCCESS
      And rule OP-01 is put to the test

    Scenario: The miniport answers later
      Given a running filter module
      And the miniport completes OID requests later
      When the protocol sets OID_GEN_CURRENT_PACKET_FILTER
      Then the OID request comes back with NDIS_STATUS_SUCCESS
      And rule OP-01 is put to the test

    Scenario: A second request follows the first
      Given a running filter module
      And the miniport completes OID requests later
      When the protocol queries OID_GEN_STATISTICS
      And the protocol queries OID_GEN_STATISTICS
      Then the OID request comes back with NDIS_STATUS_SUCCESS

    @needs-holdCompletions
    Scenario: The module is paused while the miniport has the request
      Given a running filter module
      And the miniport holds an OID request from above
      When NDIS pauses the filter module
      Then the filter module is Paused
      And the OID request is pending
      When the miniport completes the OID request
      Then the OID request comes back with NDIS_STATUS_SUCCESS

  @OP-02
  Rule: The filter forwards a clone of the request, never the request itself
    An NDIS_OID_REQUEST is valid for one hop: NDIS keeps the state of that hop in it. NdisAllocateCloneOidRequest makes
    the next one. Sources: Filtering OID Requests in an NDIS Filter Driver; NdisAllocateCloneOidRequest;
    FILTER_OID_REQUEST callback.
    Broken: NDIS overwrites its own state: hang, bugcheck 0xD1, or 0x7C with 0x21.

    Scenario Outline: A <kind> goes down as a request of the filter's own
      Given a running filter module
      When the protocol <verb> OID_GEN_CURRENT_PACKET_FILTER
      Then the OID request comes back with NDIS_STATUS_SUCCESS
      And rule OP-02 is put to the test

      Examples:
        | kind  | verb    |
        | query | queries |
        | set   | sets    |

    @needs-stackedFilters
    Scenario: A request passes two modules of the driver
      Given adapter "A" carries two modules of the filter driver
      And a running filter module
      When the protocol queries OID_GEN_STATISTICS
      Then the OID request comes back with NDIS_STATUS_SUCCESS
      And rule OP-02 is put to the test

  @OP-03
  Rule: The results of the clone are copied, then the clone is freed, then the original is completed
    Status, BytesWritten, BytesRead, BytesNeeded and SupportedRevision of the clone become those of the original. Each
    of the three happens once and in this order. Sources: FILTER_OID_REQUEST_COMPLETE callback; NdisFreeCloneOidRequest;
    Example Boilerplate for Handling Regular or Direct OID Requests.
    Broken: the protocol sees stale results, clones leak, or freed memory is read.

    Scenario Outline: What the miniport answered <when> reaches the protocol
      Given a running filter module
      And the miniport completes OID requests <when>
      When the protocol queries OID_GEN_STATISTICS
      Then the OID request comes back with NDIS_STATUS_SUCCESS
      And rule OP-03 is put to the test

      Examples:
        | when            |
        | inside the call |
        | later           |

    Scenario: The miniport's refusal reaches the protocol
      Given a running filter module
      And the miniport completes OID requests later
      And the miniport completes OID requests with NDIS_STATUS_INVALID_LENGTH
      When the protocol queries OID_GEN_STATISTICS
      Then the OID request comes back with NDIS_STATUS_INVALID_LENGTH
      And rule OP-03 is put to the test

  @OP-04
  Rule: The filter finishes the original itself when NdisFOidRequest does not return NDIS_STATUS_PENDING, and only then
    Any other status means that FilterOidRequestComplete will not be called for the clone. After NDIS_STATUS_PENDING it
    will be, perhaps before NdisFOidRequest has returned. Sources: Generating OID Requests from an NDIS Filter Driver;
    NdisFOidRequest; FILTER_OID_REQUEST callback.
    Broken: the request hangs, or is finished twice.

    Scenario: NdisFOidRequest answers at once
      Given a running filter module
      And the miniport completes OID requests inside the call
      When the protocol sets OID_GEN_CURRENT_PACKET_FILTER
      Then the OID request comes back with NDIS_STATUS_SUCCESS
      And rule OP-04 is put to the test

    Scenario: NdisFOidRequest refuses at once
      Given a running filter module
      And the miniport completes OID requests inside the call
      And the miniport completes OID requests with NDIS_STATUS_NOT_SUPPORTED
      When the protocol queries OID_GEN_STATISTICS
      Then the OID request comes back with NDIS_STATUS_NOT_SUPPORTED
      And rule OP-04 is put to the test

    @needs-holdCompletions
    Scenario: The miniport keeps the request for a while
      Given a running filter module
      And the miniport holds an OID request from above
      When the miniport completes the OID request with NDIS_STATUS_BUFFER_TOO_SHORT
      Then the OID request comes back with NDIS_STATUS_BUFFER_TOO_SHORT
      And rule OP-04 is put to the test

  @OP-05 @needs-memoryPressure
  Rule: A request that cannot be cloned is failed with the status of the clone, not lost
    No page says so; it follows from the rule that every request is finished. Sources: NdisAllocateCloneOidRequest;
    filter.c of the NDIS filter sample.
    Broken: the stack waits for the request (bugcheck 0x7C with 0x25 and 0x24).

    Scenario: No memory for the clone
      Given a running filter module
      And the next OID clone allocation fails
      When the protocol queries OID_GEN_STATISTICS
      Then the OID request comes back
      And rule OP-05 is put to the test

    Scenario: The request after the one that could not be cloned
      Given a running filter module
      And the next OID clone allocation fails
      When the protocol queries OID_GEN_STATISTICS
      And the protocol queries OID_GEN_STATISTICS
      Then the OID request comes back with NDIS_STATUS_SUCCESS

  @OP-07
  Rule: Requests in which the filter has no interest are forwarded
    A filter that answers "not supported" for what it does not know hides what the miniport can do. No page says so in
    one sentence. Sources: Filtering OID Requests in an NDIS Filter Driver; FILTER_OID_REQUEST callback.
    Broken: features of the protocol are lost without a word, bindings fail.

    Scenario: An OID that the filter does not know reaches the miniport
      Given a running filter module
      And the miniport keeps the OID requests it gets
      When the protocol queries OID_GEN_VENDOR_DRIVER_VERSION
      Then the miniport has 1 OID request
      When the miniport completes the OID request
      Then the OID request comes back with NDIS_STATUS_SUCCESS

  @OP-08 @C7
  Rule: FilterOidRequest does not wait
    The page of the callback allows calls up to DISPATCH_LEVEL, a comparison of the OID interfaces says PASSIVE_LEVEL
    and that it may block. The reading taken: the callback's own page; it does not wait. Sources: FILTER_OID_REQUEST
    callback; Filtering OID Requests in an NDIS Filter Driver; Synchronous OID Request Interface in NDIS 6.80.
    Broken: bugcheck 0x7C with 0x25 and 0x24 (FILTER_OID).

    @needs-holdCompletions
    Scenario: FilterOidRequest returns although the miniport has not answered
      Given a running filter module
      And the miniport keeps the OID requests it gets
      When the protocol queries OID_GEN_STATISTICS
      Then the OID request is pending
      And rule OP-08 is put to the test
      When the miniport completes the OID request
      Then the OID request comes back with NDIS_STATUS_SUCCESS

  @OP-09 @C13 @needs-holdCompletions
  Rule: A cancelled request that was forwarded is cancelled below, and completed when its clone is
    The guide and the page of NdisFCancelOidRequest name the wrong functions and arguments. The reading taken: the
    filter calls NdisFCancelOidRequest with the RequestId that its clone carries, and waits for the clone's completion.
    Sources: FILTER_CANCEL_OID_REQUEST callback; NdisFCancelOidRequest.
    Broken: the cancel is stuck, or the clone is used after it was freed.

    Scenario: The protocol cancels a request that the miniport has
      Given a running filter module
      And the miniport holds an OID request from above
      When the protocol cancels its OID request
      Then the miniport has no OID requests
      And the OID request comes back with NDIS_STATUS_REQUEST_ABORTED
