"""Where data repositories and their merge requests live: adapters of `ports.Forge`."""
