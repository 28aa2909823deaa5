"""What people see of the library and say about it: lists, edits, review, renames, exports."""
