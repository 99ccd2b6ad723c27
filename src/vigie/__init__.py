"""Vigie finds, removes and keeps down terrorist content, answers for every decision and proves it.

This package never scores people: it matches content against known material and lets people decide.
"""

__version__ = "0.1.0"
