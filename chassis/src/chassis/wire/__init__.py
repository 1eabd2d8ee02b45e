"""The broker: connections, calls and their answers, publications, queues, dead letters."""
