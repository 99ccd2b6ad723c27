"""Transparency reports: the figures of (EU) 2021/784 Art. 7 and the tables of (EU) 2024/2835, from the ledger alone.

It asks no other table and decides nothing: what the ledger does not say is left open and named.
"""
