-- How far a session gets through the funnel when each topic must follow at once: the first of its longest runs through the funnel's topics.
-- Needs the columns of fragment_paths.sql. Parameter: funnel (Array(UInt64), 2…10 topics).
    arrayMap((a, b, c, d, e, f, g, h, i, j) -> [a, b, c, d, e, f, g, h, i, j], Path, arrayShiftLeft(Path, 1), arrayShiftLeft(Path, 2), arrayShiftLeft(Path, 3),
        arrayShiftLeft(Path, 4), arrayShiftLeft(Path, 5), arrayShiftLeft(Path, 6), arrayShiftLeft(Path, 7), arrayShiftLeft(Path, 8), arrayShiftLeft(Path, 9)) AS Ahead,
    arrayMap((window, step) -> least(
            arrayFirstIndex((here, wanted) -> here != wanted, arrayPushBack(arraySlice(window, 1, length({funnel: Array(UInt64)})), 0), arrayPushBack({funnel: Array(UInt64)}, 1)) - 1,
            length(Path) - step + 1),
        Ahead, arrayEnumerate(Path)) AS Runs,
    arraySlice(StepStarts, indexOf(Runs, arrayMax(Runs)), arrayMax(Runs)) AS Reached
