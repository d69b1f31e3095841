"""Mails: what is told to contributors and reviewers, and when."""
