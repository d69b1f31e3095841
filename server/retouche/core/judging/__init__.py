"""The verdict: what is wrong with cells, rows and files, for an edit alone or for a whole file."""
