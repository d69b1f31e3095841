"""What is derived from files, kept on disk and mapped by all processes: `ports.Cabinet`."""
