"""The pages, one module a domain.

A view parses, calls and renders; it decides nothing.
"""
