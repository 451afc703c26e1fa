"""What a finished game tells its host: one file is one report, `compute(game)` gives its rows."""
