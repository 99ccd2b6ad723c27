"""What is known: banks, their entries, where each came from and who confirmed it.

It does not look anything up; that is `matching`. It holds no pictures, only references to sealed ones.
"""
