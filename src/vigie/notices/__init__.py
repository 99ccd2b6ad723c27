"""What others report: notices of illegal content, those who report, and threats to life.

It decides about no content: a notice opens a case, and a person decides that. How many report the same is never
evidence.
"""
