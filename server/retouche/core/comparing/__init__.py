"""A corrected copy of a file against what is published: its columns, its cells, what it changes."""
