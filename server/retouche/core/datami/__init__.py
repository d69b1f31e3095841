"""Reading the widgets of Datami pages: configuration in, our descriptors and what became of each
key out."""
