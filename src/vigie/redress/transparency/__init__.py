"""The Commission's Transparency Database: each statement of reasons goes there, without personal data.

It is off until an operator gives its address and a token. Source: (EU) 2022/2065 Art. 24(5).
"""
