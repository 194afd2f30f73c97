"""What can be asked for in a terminal, a module each; nothing here imports Qt before it must.

A command's module has `SUMMARY` (one line), `add_arguments(parser)` and `run(arguments, output)`,
which returns the process's exit code. The floors are imported inside `run`, so that `--help` and
the commands that only look at files start at once.
"""
