"""Every way in: the command line and HTTP."""
