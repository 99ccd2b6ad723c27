"""The console: where people read cases, decide, and see what became of their decisions.

It holds no rules: each view parses a form, calls a service or a flow, and renders what came of it.
"""
