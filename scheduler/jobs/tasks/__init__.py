"""Entry points of what runs by itself: which jobs there are, running what is due, and what wakes them."""
