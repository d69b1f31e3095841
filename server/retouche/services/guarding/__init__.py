"""What keeps floods and robots out, and flags what looks unusual; it needs no account."""
