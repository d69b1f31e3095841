"""What `init` proposes for a file that nobody has described yet; never used on a described one."""
