"""The archive of signals: what every upload looked like, by day, so that a later entry finds earlier uploads.

It keeps no text, no pixels and no name: identifiers of the platform, signals, a time and a keyed hash of the author.
"""
