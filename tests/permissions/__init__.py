"""The permission table: every route, who may open it, in which relation to the thing that it is about.

Each slice keeps its rows in a module of its own here; tests/test_permissions.py finds them. A route without a row fails.
"""
