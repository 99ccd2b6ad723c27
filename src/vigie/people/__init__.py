"""Who works with Vigie: people with roles, services with tokens, and the rights of each.

It knows nothing of the authors of content: those stay with their platforms.
"""
