"""The sentences of `retouche doctor`, in English and French, by what they are about."""
