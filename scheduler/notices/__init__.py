"""The outbox: messages written in the transaction that causes them, sent later by a job."""
