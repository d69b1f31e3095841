"""Whether a GitLab project is set up so that corrections can be carried there and reviewed."""
