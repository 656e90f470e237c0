"""Everything the product needs on one machine, started and watched by itself.

`python -m ytmanager.local run` serves the product with embedded services;
`python -m ytmanager.local exec -- COMMAND` runs a command beside throw-away ones.
The tests start the same services through `services.start_services`.
"""
