"""Changes of the stored state, in order."""
