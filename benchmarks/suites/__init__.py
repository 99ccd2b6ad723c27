"""What is measured, one module a suite, each with a `NAME` and a `run`.

A suite writes nothing and installs nothing: it returns an outcome.
"""
