"""Widgets on other sites: the framable page, the code to paste, oEmbed."""
