-- How far a session gets through the funnel when other topics may come between: when it reached each of the funnel's topics.
-- Needs the columns of fragment_paths.sql. Parameter: funnel (Array(UInt64), 2…10 topics).
    arrayFold(
        (reached, topic, start) -> if(length(reached) < length({funnel: Array(UInt64)}) AND topic = {funnel: Array(UInt64)}[length(reached) + 1], arrayPushBack(reached, start), reached),
        Path, StepStarts, CAST([], 'Array(DateTime64(9))')) AS Reached
