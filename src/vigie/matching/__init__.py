"""Looking up signals among the entries of banks: exact, in memory, live in every process.

It decides nothing: it says what is near, and how near.
"""
