"""One file for each person: what somebody does with the product in a real browser, on the demo city."""
