"""What was changed and by whom: kept, taken back, given back to files that return, learned from."""
