"""A case system with made-up people, for trying Rehber out and for its tests. It keeps everything in memory.

It follows `openapi.yaml` and can be told to fail in every way that `faults` lists. It announces itself in its health
answer, in a header and on its pages, and no number in it can belong to a person: all fail the check digits.
"""
