"""Use cases, one per module: they gather through ports, let `core` decide, and act."""
