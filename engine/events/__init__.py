"""Events: what happens to places that people were told, and how things are afterwards."""
