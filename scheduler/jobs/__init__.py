"""What runs by itself: slots, claims and the clock that wakes them."""
