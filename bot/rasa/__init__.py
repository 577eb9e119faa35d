"""Everything about Rasa: its NLU components, how its processes are started, and how understanding is measured.

`encoder`, `sentence_featurizer`, `kernel_classifier`, `server`, `server_logs` and `absent` are imported in Rasa's own
environment only. `commands`, `listening`, `questions` and `evaluate` run in the application's and never import Rasa.
"""
