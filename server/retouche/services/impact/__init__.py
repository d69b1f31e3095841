"""What a change does to the indicators: who gains, who loses, how many, and where."""
