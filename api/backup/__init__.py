"""A store in a file of its own, and back: while others book, and checked on both ways."""
