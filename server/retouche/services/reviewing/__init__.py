"""Reviewing: what of a proposal is accepted, why the rest is not, and the queue of what waits."""
