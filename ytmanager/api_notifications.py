"""`/api/notifications/`: a person's inbox, and which kinds come by mail."""

from typing import Any, ClassVar

from django.conf import settings
from django.shortcuts import get_object_or_404
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from ytmanager.api import (
    EmptySerializer,
    ReadOnlyResourceViewSet,
    action_body,
    action_response,
    actor_of,
)
from ytmanager.filters import FlagFilter, ListFilterSet, WordFilter
from ytmanager.models import MailChoice, Notification
from ytmanager.models.notification import NotificationQuerySet, kinds_for
from ytmanager.notifications.choices import choose_mail
from ytmanager.notifications.notify import mark_all_read, mark_read, mark_unread

OFF = "off"
PACES = (*MailChoice.Pace.choices, (OFF, "No mail"))


class NotificationFilterSet(ListFilterSet):
    """What the inbox can be narrowed down by."""

    is_read = FlagFilter(method="by_read", help_text="false: what came and waits.")
    kind = WordFilter(choices=Notification.Kind.choices)
    level = WordFilter(choices=Notification.Level.choices)
    search = filters.CharFilter("title", "icontains", help_text="Part of a title.")

    class Meta:
        model = Notification
        fields = ()

    def by_read(
        self, found: NotificationQuerySet, _: str, value: bool
    ) -> NotificationQuerySet:
        person = actor_of(self.request)
        return found.read_by(person) if value else found.unread_by(person)


class NotificationSerializer(serializers.ModelSerializer[Notification]):
    """What a person is told, and whether that was read."""

    is_read = serializers.BooleanField()
    is_own = serializers.SerializerMethodField(
        help_text="For this person alone; else for all who may hear of its kind."
    )

    class Meta:
        model = Notification
        fields = (
            "pk",
            "kind",
            "level",
            "title",
            "message",
            "url",
            "is_own",
            "is_read",
            "created_at",
        )
        read_only_fields = fields

    def get_is_own(self, notification: Notification) -> bool:
        return notification.user_id is not None


class MailChoiceSerializer(serializers.Serializer[Any]):
    """When mails of one kind go."""

    kind = serializers.ChoiceField(Notification.Kind.choices)
    pace = serializers.ChoiceField(PACES)


class MailChoicesSerializer(serializers.Serializer[Any]):
    """What comes by mail, and where to."""

    address = serializers.CharField(
        read_only=True, allow_blank=True, help_text="Empty: no mail can come."
    )
    has_mail = serializers.BooleanField(
        read_only=True, help_text="Whether this system sends mail at all."
    )
    choices = MailChoiceSerializer(
        many=True, help_text="Kinds that are left out stay as they are."
    )


class MarkedSerializer(serializers.Serializer[Any]):
    """How many notifications were marked."""

    count = serializers.IntegerField()


@extend_schema_view(
    list=extend_schema(summary="List the notifications of the inbox, newest first"),
    retrieve=extend_schema(summary="Show a notification; it stays unread"),
)
class NotificationViewSet(ReadOnlyResourceViewSet[Notification]):
    """Everybody has an inbox of their own; kept for 90 days."""

    queryset = Notification.objects.all()
    lookup_value_regex = "[0-9]{1,18}"
    permission_classes = (IsAuthenticated,)
    filterset_class = NotificationFilterSet
    detail_serializer_class = NotificationSerializer
    buttons: ClassVar = frozenset({"read", "unread", "read_all"})

    def get_queryset(self) -> NotificationQuerySet:
        person = actor_of(self.request)
        return Notification.objects.visible_to(person).with_read_by(person)

    def get_object(self) -> Notification:
        # The choice of mails has no key, and OPTIONS asks for what it would change.
        found = get_object_or_404(self.get_queryset(), pk=self.kwargs.get("pk"))
        self.check_object_permissions(self.request, found)
        return found

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        if self.action in {"mail", "change_mail"}:
            return MailChoicesSerializer
        is_button = self.action in self.buttons
        return EmptySerializer if is_button else NotificationSerializer

    @extend_schema(
        summary="Mark a notification as read",
        request=EmptySerializer,
        responses={200: NotificationSerializer},
    )
    @action(detail=True, methods=["post"])
    def read(self, request: Request, pk: str) -> Response:
        found = self.get_object()
        mark_read(notifications=[found.pk], user=actor_of(request))
        return Response(dict(self.represent(self.get_object())))

    @extend_schema(
        summary="Mark a notification as unread",
        request=EmptySerializer,
        responses={200: NotificationSerializer},
    )
    @action(detail=True, methods=["post"])
    def unread(self, request: Request, pk: str) -> Response:
        found = self.get_object()
        mark_unread(notifications=[found.pk], user=actor_of(request))
        return Response(dict(self.represent(self.get_object())))

    @extend_schema(
        summary="Mark everything in the inbox as read",
        request=EmptySerializer,
        responses={200: action_body(MarkedSerializer())},
    )
    @action(
        detail=False,
        methods=["post"],
        url_path="read",
        url_name="read-all",
        filter_backends=[],
        pagination_class=None,
    )
    def read_all(self, request: Request) -> Response:
        count = mark_all_read(user=actor_of(request))
        return action_response({"count": count}, status=200)

    @extend_schema(
        summary="Show which kinds of notifications come by mail",
        responses={200: MailChoicesSerializer},
    )
    @action(detail=False, filter_backends=[], pagination_class=None)
    def mail(self, request: Request) -> Response:
        return self.choices()

    @extend_schema(
        summary="Choose which kinds of notifications come by mail",
        request=MailChoicesSerializer,
        responses={200: MailChoicesSerializer},
    )
    @mail.mapping.put
    def change_mail(self, request: Request) -> Response:
        """At once, once a day, or not at all; kinds that one does not hear of: 400."""
        sent = self.get_serializer(data=request.data)
        sent.is_valid(raise_exception=True)
        person = actor_of(request)
        chosen = {row["kind"]: row["pace"] for row in sent.validated_data["choices"]}
        if unheard := sorted(set(chosen) - set(kinds_for(person))):
            message = f"You are not told of: {', '.join(unheard)}."
            raise serializers.ValidationError({"choices": [message]})
        paces = {kind: "" if pace == OFF else pace for kind, pace in chosen.items()}
        choose_mail(user=person, paces=paces)
        return self.choices()

    def choices(self) -> Response:
        """One pace for each kind that the person may hear of."""
        person = actor_of(self.request)
        kept = dict(MailChoice.objects.filter(user=person).values_list("kind", "pace"))
        facts = {
            "address": person.email,
            "has_mail": settings.HAS_MAIL,
            "choices": [
                {"kind": kind, "pace": kept.get(kind, OFF)}
                for kind in kinds_for(person)
            ],
        }
        return Response(dict(MailChoicesSerializer(facts).data))
