"""Versions of the schema, up and down; run when a store is opened."""
