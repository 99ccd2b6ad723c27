"""The record of everything that happens: an append-only, hash-chained log, its signed checkpoints and the outbox.

It judges nothing and forgets nothing; what an event means is the business of the domain that wrote it.
"""
