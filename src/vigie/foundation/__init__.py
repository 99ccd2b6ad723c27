"""What every domain stands on: clock, identifiers, errors, limits, settings, keys and the door to the network.

It knows no domain and stores nothing in the database.
"""
