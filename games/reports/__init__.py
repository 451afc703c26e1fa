"""What a finished game tells its host: one file is one report, `compute(game)` gives its rows.

`played.load` reads a game once for all of them; the reports themselves are pure.
"""
