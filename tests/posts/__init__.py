"""What sends mails, against real servers."""
