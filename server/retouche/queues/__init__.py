"""Queues of work that the processes of a server share."""
