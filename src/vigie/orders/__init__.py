"""Removal orders of authorities: receiving them, their clocks, their forms, and what became of them.

It takes nothing down by itself: a person executes an order, and `flows` carries it to the platform.
"""
