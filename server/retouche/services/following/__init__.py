"""Bringing proposals and the published revision up to what a forge elsewhere shows."""
