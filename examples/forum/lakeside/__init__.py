"""Lakeside, a small photographers' forum that shows how a platform works with Vigie.

It is an example: it has no sign-in, and nothing here is part of Vigie.
"""
