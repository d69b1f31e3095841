"""Quality of the data: figures per field, what was looked at lately, and how it went on."""
