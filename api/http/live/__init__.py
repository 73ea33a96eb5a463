"""The live service: find, hold, book, move and cancel on a store, and its records."""
