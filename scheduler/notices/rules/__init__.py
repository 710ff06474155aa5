"""Decisions about notices: words, quiet hours, another try, the form of mails and messages."""
