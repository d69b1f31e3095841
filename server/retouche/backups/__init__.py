"""One file that holds all that a server has and cannot make again: taken, checked, put back."""
