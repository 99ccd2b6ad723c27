"""Backups: everything that a Vigie keeps in one file, taken while it runs, and put back into an empty data folder.

It refuses to replace anything, and to restore what is not whole to the last byte.
"""
