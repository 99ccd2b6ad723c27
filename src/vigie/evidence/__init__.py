"""What decisions were about, sealed: encrypted at once, read only with a purpose, each reading in the ledger.

It never shows anything without a record, except previews in which nothing can be recognised.
"""
