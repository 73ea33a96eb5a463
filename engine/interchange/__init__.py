"""Wire formats: bytes in, records out, and back."""
