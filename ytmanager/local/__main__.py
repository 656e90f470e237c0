"""The command line: one clear line and exit code 1 for what a person can mend."""

import sys

from ytmanager.local.console import LocalError, complain, explain


def main() -> int:
    """Run a sub-command and return its exit code."""
    try:
        from ytmanager.local.commands import run_command

        return run_command(sys.argv[1:])
    except ModuleNotFoundError as error:
        complain(
            f"The Python module {error.name} is missing. "
            "Install it: .venv/bin/pip install -r requirements.txt"
        )
    except ImportError as error:
        complain(f"A Python module does not load: {str(error).splitlines()[0]}")
    except LocalError as error:
        complain(str(error))
    except OSError as error:
        complain(explain(error))
    except KeyboardInterrupt:
        complain("Interrupted.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
