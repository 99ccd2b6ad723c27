"""`python -m vigie.cli` is `vigie`, for where the console script is not on the path."""

from vigie.cli import main

if __name__ == "__main__":
    main(prog_name="vigie")
