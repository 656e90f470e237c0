"""Live events: the log, its publication and the WebSocket that delivers it."""
