"""Where things are in a backup, beside `archive/`, `ledger/checkpoints/` and `keys/` as in the data folder.

It opens nothing.
"""

BLOBS = "blobs/"
DATABASE = "database.sql.gz."
SETTINGS = "settings.env"
