import fc from 'fast-check';

/** A mutant that a property test finds needs no smallest example, and one that it misses no thousands of runs. */
fc.configureGlobal({ endOnFailure: true, interruptAfterTimeLimit: 1000 });
