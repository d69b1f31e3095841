"""Counts for rate limits, shared by processes and by machines, over the library `limits`."""
