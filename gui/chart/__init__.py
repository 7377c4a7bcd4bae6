"""The chart: where everything stands (pure geometry), how it is painted, and how the keyboard moves in it."""
