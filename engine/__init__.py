"""Slotmatch's engine: snapshot in, plan out.

Pure: no HTTP, no database, no clock, no environment, no global randomness.
"""
