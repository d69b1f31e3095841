"""Several machines: real servers that tests start, and processes that share them."""
