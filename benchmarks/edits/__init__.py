"""Which edited copies are found: forty-odd edits of pictures that ship in packages, for Vigie and its peers.

It banks nothing and needs no running Vigie: it measures signals and how far they lie apart.
"""
