"""Repair: something happened to places that people were told, and as few as possible are moved."""
