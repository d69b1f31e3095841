"""What the session cookie may hold: secrets of ours that name a person, never a token of a forge.

The cookie is signed, not sealed: whoever has it can read it.
"""

from __future__ import annotations

from flask import session

LINK = "reviewer_token"
"""The token of a reviewer's sign-in link."""
ACCOUNT = "account"
"""The random secret under whose hash the journal keeps the accounts of forges."""
NAME = "name"
"""What the last account that signed in is called."""
BEGUN = "sign_in"
"""A sign-in at a forge that is under way."""
CSRF = "csrf"
"""What the forms of a signed-in person carry."""


def signed_in() -> bool:
    """Whether the cookie names a person, rightly or not."""
    return LINK in session or ACCOUNT in session
