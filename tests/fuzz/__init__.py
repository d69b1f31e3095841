"""Parsers under inputs that nobody thought of.

A target takes bytes and holds a law; `pytest` gives it a corpus of our own and what hypothesis
makes, `python -m tests.fuzz --seconds 10` what atheris finds.
"""
