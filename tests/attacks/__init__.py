"""Attacks on what Retouche is made of, as tables: what is sent, and what must come of it.

`rows.py` lists what is attacked; a test names its row with `@pytest.mark.attack("…")`, wherever it
stands. `python -m tests.attacks` runs them all and tells how they went.
"""
