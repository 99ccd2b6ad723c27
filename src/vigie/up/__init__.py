"""The process tree of `vigie up`: embedded database, API and worker under one supervisor, on one data folder.

It knows processes, ports and files, and nothing of content, cases or decisions.
"""
