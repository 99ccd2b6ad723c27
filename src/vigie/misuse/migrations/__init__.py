"""Changes of the stored state, oldest first."""
