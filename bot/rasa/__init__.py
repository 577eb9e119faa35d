"""Everything about Rasa: its NLU components, how its processes are started, and how understanding is measured.

`encoder`, `sentence_featurizer`, `kernel_classifier` and `server` are imported in Rasa's own environment only; `commands`
and `evaluate` run in the application's environment and never import Rasa.
"""
