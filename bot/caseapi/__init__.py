"""The way to the office's case system: the contract, a client that fails honestly, and the identity check.

The boundary: nothing here knows a channel, the database or a web door. `sandbox` is a separate process that speaks
the same contract with made-up people; the service itself never imports it.
"""
