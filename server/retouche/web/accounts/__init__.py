"""People who sign in with their own account of a forge: their tokens never leave the server."""
