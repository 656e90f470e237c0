"""YouTube sync for other systems: plans, records, refreshes, quota."""
