"""The catalogue of messages in docs/messages, made from what the services publish.

`language` reads the services, `schemas` puts their schemas as JSON Schema, `asyncapi` and `pages` are the two
forms of the catalogue, `generate` writes both. Nothing is said of a message here that the code does not say.
"""
