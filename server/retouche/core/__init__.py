"""The laws of Retouche, as pure functions over values. See README.md in this folder."""
