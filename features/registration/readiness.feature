Feature: A filter driver that registers is ready to be called
  Registration is not the end of the preparations: it is the moment from which NDIS calls.

  @REG-13
  Rule: Everything the handlers need exists before NdisFRegisterFilterDriver is called
    Locks, lists and global context come first. NDIS may call any handler before NdisFRegisterFilterDriver has returned, and
    FilterAttach as soon as FilterSetOptions has.
    Sources: Initializing a Filter Driver; NdisFRegisterFilterDriver; SET_OPTIONS callback.
    Broken: a race at boot or at installation, seen as bugcheck 0xD1, 0x3B or 0x50.

    Scenario: The driver is installed while its adapter is there
      Given adapter "A" is plugged in
      When Windows loads the filter driver
      Then the load succeeds
      And the system keeps running

    Scenario: An adapter starts while DriverEntry has not yet returned
      Given the driver will stop before DriverEntry returns
      When Windows loads the filter driver
      Then a thread of the driver stands still
      When adapter "A" is plugged in
      And NDIS attaches the filter module
      Then the system keeps running
      When the stopped thread goes on
      Then the load succeeds
