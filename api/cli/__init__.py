"""The command line ``slotmatch``: data on stdout, progress and findings on stderr."""
