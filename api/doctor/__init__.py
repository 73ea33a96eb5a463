"""Looks at a deployment without changing it: what is well, what is doubtful, what cannot work."""
