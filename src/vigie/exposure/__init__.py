"""Exposure under Article 5 of Regulation (EU) 2021/784: decisions that we are exposed, our measures and our reports.

It decides about no content: it says whether what we do on our own initiative is done under specific measures.
"""
