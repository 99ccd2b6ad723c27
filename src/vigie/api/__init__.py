"""The HTTP interface: three hot endpoints in a fast lane, everything else under `/v1`, one OpenAPI document.

It decides nothing: each endpoint reads the call, asks who may do it, and calls what the console and the command
line call.
"""
