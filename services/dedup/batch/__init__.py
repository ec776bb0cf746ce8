"""Which records of whole files are one person: the engine's steps taken column by column.

Every distinct value is normalised once, every distinct pair of values compared once; the rest is looking up.
Pairs that fit no column (a name of many parts, names in another order) go through the engine one by one.
Weights, levels and rules are the engine's own, and so are the scores.
"""
