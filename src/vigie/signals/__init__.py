"""What content looks like: signals computed from media and text so that known material can be recognised.

It judges nothing and stores nothing; the same content always has the same signals.
"""
