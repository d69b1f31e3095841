"""Adapters of `ports.Post`: what sends mails."""
