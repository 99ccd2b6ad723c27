"""Frequent misuse: what counts for somebody who reports, complains or publishes, and the four steps that follow.

It warns and suspends nobody by itself, and knows nobody beyond one platform: people decide, `flows.misuse` carries out.
"""
