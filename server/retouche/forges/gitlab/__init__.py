"""A forge that is a project of a GitLab server: a mirror here, merge requests there."""
