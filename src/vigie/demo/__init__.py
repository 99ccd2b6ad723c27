"""`vigie demo`: starts everything with the example platform and shows an upload's life, with real parts only.

It is no installation: it makes a data folder of its own and banks only what it draws itself.
"""
