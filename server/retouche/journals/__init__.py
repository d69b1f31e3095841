"""The durable memory of proposals: adapters of `ports.Journal`."""
