"""Columns of a file as arrays: distinct texts in typed order, and a small integer for each row."""
