"""Languages of the service: the registry, the words of the interface and the direction of text."""
