"""WebSocket addresses."""

from django.urls import path

from ytmanager.realtime.consumers import EventsConsumer

websocket_urlpatterns = [path("ws/events/", EventsConsumer.as_asgi())]
