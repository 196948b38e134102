-- True for a row of session_turns whose events are in the order of their times, each once and none deleted.
arrayCount((time, before, isDeleted) -> time <= before OR isDeleted, Times, arrayShiftRight(Times, 1), Deleted) = 0
