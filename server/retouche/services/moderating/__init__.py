"""Keeping a dataset from harm: who is refused, what is refused at once, what is taken back."""
