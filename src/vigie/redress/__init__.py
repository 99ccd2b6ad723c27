"""What is owed to those whom a decision touches: statements of reasons, complaints, reinstatement, and the record of it
in the Commission's Transparency Database.

It judges no content and enforces nothing: `cases` holds decisions, `flows` carries out what a complaint changes.
"""
