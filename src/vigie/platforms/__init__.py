"""Where decisions take effect: platforms, their connectors, deliveries and the look whether a measure holds.

It decides nothing; it carries decisions out and reports what became of them.
"""
