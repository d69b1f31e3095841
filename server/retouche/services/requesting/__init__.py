"""The merge request of a proposal at a forge elsewhere, and what it says."""
