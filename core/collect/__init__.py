"""From SDK calls to facts, one module per area; with `core.azure` the only code that talks to Azure.

A collector is a plain function named for its fact. Its parameters after `azure` are the facts that it needs.
"""
