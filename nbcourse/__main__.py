"""`python -m nbcourse` is the `nbcourse` command."""

from nbcourse.cli import main

main()
