"""Benchmarks: figures beside floors. `make bench` runs them on empty services.

Importing the package sets Django up, also in the processes that a benchmark starts.
"""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ytmanager.settings")
os.environ.setdefault("LOG_LEVEL", "WARNING")
django.setup()
