"""Who looks at the start page."""

from django.contrib.auth.models import AnonymousUser, User

Person = User | AnonymousUser
