"""Removal orders that we issue, as an authority: drafting, deconfliction, approval, sending, and what came of it.

It sends nothing that only one person wanted, and believes no outcome that nobody can show where it came from.
"""
