"""The ground floor: database, clock, periods, access and text. It knows nothing of the domain."""
