"""Steps from the tables of each version to those of the next, as alembic runs them.

A step is never changed once it was released. The first three also find tables that were made, and
changed in part, before there was a record of steps: what is there already is left alone.
"""
