"""Where domains meet, one file a story: an upload, a decision, a banking.

Only stories live here; each step belongs to its domain.
"""
