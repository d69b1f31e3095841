"""`python -m retouche` is the command `retouche`."""

from retouche.cli import main

if __name__ == "__main__":
    main()
