"""Carrying proposals to forges elsewhere, beside requests."""
