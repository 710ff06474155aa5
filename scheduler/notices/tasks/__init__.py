"""What carries notices out of the house: mail, and messages to groups. No transaction is open while something is sent."""
