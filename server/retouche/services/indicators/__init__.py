"""Indicators computed: from the columns of versions, kept by content, renewed where they change."""
