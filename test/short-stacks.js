'use strict';
// Mocha keeps the whole stack of every error. Drivers and scenarios fail all the time, and are tested as users run them: with Node's own limit.
Error.stackTraceLimit = 10;
