"""Reading a version of a file: what is derived from it, and the answers to queries on its rows."""
