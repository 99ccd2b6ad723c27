"""What a person has to decide: cases, their queue, and the decisions taken.

It proposes nothing and enforces nothing: rules open cases, `flows` carries decisions out.
"""
