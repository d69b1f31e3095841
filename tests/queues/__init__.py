"""The queues of work."""
