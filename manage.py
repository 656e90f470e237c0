#!/usr/bin/env python
"""Django's command-line entry point."""

import os
import sys

from django.core.management import execute_from_command_line

from ytmanager.local.running import join_running_system

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ytmanager.settings")
    join_running_system()
    execute_from_command_line(sys.argv)
