"""What carries every stage: units of work, rows, moves, history, steps and their runs."""
