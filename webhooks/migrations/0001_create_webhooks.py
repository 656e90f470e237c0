import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import encrypted_fields.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="WebhookCursor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("position", models.BigIntegerField()),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="WebhookDelivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("message_id", models.CharField(max_length=40, unique=True)),
                ("event_sequence", models.BigIntegerField(null=True)),
                ("type", models.CharField(max_length=40, verbose_name="event")),
                ("body", models.JSONField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("delivered", "Delivered"),
                            ("failed", "Failed"),
                        ],
                        default="waiting",
                        max_length=9,
                    ),
                ),
                (
                    "attempt_count",
                    models.PositiveSmallIntegerField(
                        default=0, verbose_name="attempts"
                    ),
                ),
                (
                    "next_attempt_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="next attempt"
                    ),
                ),
                (
                    "last_status",
                    models.PositiveSmallIntegerField(null=True, verbose_name="status"),
                ),
                ("last_error", models.TextField(blank=True, verbose_name="error")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "delivered_at",
                    models.DateTimeField(null=True, verbose_name="delivered"),
                ),
            ],
            options={
                "verbose_name_plural": "webhook deliveries",
                "ordering": ("-pk",),
                "default_permissions": ("view", "change"),
            },
        ),
        migrations.CreateModel(
            name="WebhookAttempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("milliseconds", models.PositiveIntegerField()),
                ("error", models.TextField(blank=True)),
                ("excerpt", models.TextField(blank=True, verbose_name="reply")),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attempts",
                        to="webhooks.webhookdelivery",
                    ),
                ),
            ],
            options={
                "ordering": ("-pk",),
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="WebhookEndpoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "name",
                    models.CharField(
                        help_text="Which system is called.", max_length=80
                    ),
                ),
                (
                    "url",
                    models.URLField(max_length=500, verbose_name="address"),
                ),
                (
                    "event_types",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        size=None,
                        verbose_name="events",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("enabled", "On"),
                            ("disabled", "Off"),
                            ("given_up", "Given up"),
                        ],
                        default="enabled",
                        editable=False,
                        max_length=8,
                    ),
                ),
                (
                    "enabled_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False
                    ),
                ),
                ("failing_since", models.DateTimeField(editable=False, null=True)),
                ("secret", encrypted_fields.fields.EncryptedTextField(editable=False)),
                (
                    "previous_secret",
                    encrypted_fields.fields.EncryptedTextField(
                        editable=False, null=True
                    ),
                ),
                (
                    "previous_secret_until",
                    models.DateTimeField(editable=False, null=True),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "webhook",
                "ordering": ("name", "pk"),
            },
        ),
        migrations.AddField(
            model_name="webhookdelivery",
            name="endpoint",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="deliveries",
                to="webhooks.webhookendpoint",
            ),
        ),
        migrations.AddConstraint(
            model_name="webhookendpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["enabled", "disabled", "given_up"])),
                name="webhooks_endpoint_state_valid",
            ),
        ),
        migrations.AddIndex(
            model_name="webhookdelivery",
            index=models.Index(
                condition=models.Q(("state", "waiting")),
                fields=["endpoint", "next_attempt_at"],
                name="webhooks_delivery_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="webhookdelivery",
            index=models.Index(fields=["created_at"], name="webhooks_delivery_created"),
        ),
        migrations.AddConstraint(
            model_name="webhookdelivery",
            constraint=models.UniqueConstraint(
                fields=("endpoint", "event_sequence"), name="webhooks_delivery_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="webhookdelivery",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["waiting", "delivered", "failed"])),
                name="webhooks_delivery_state_valid",
            ),
        ),
    ]
