"""Reading subscriptions, what a feed shows, and whole calendars to take away."""
