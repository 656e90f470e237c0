"""Dry runs, files that wait for others, and the last look into each source."""

import django.db.models.deletion
from django.db import migrations, models


def forget_checked(apps, schema_editor):
    """The way back: a file that was only tried is one that was never imported."""
    reports = apps.get_model("reports", "Report").objects.filter(state="checked")
    reports.update(state="available")


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0001_create_reports"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="report",
            name="reports_report_state_valid",
        ),
        migrations.RunPython(migrations.RunPython.noop, forget_checked),
        migrations.AddField(
            model_name="report",
            name="attempts",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="report",
            name="dry_run",
            field=models.JSONField(
                blank=True, null=True, verbose_name="result of a dry run"
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="error_type",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=40
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="is_dry_run",
            field=models.BooleanField(
                db_default=False, default=False, verbose_name="dry run"
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="named_on",
            field=models.DateField(
                blank=True,
                editable=False,
                null=True,
                verbose_name="date in the file name",
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="retry_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="report",
            name="waits_for",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="followers",
                to="reports.report",
            ),
        ),
        migrations.AddField(
            model_name="reportsource",
            name="found_count",
            field=models.BigIntegerField(
                db_default=0, default=0, verbose_name="new files found"
            ),
        ),
        migrations.AddField(
            model_name="reportsource",
            name="imports_automatically",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Oldest data first; otherwise somebody starts each import.",
                verbose_name="import new files automatically",
            ),
        ),
        migrations.AddField(
            model_name="reportsource",
            name="look_again_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="reportsource",
            name="look_attempts",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="reportsource",
            name="look_error",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.AddField(
            model_name="reportsource",
            name="look_error_type",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=40
            ),
        ),
        migrations.AddField(
            model_name="reportsource",
            name="looked_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="report",
            name="state",
            field=models.CharField(
                choices=[
                    ("available", "Available"),
                    ("waiting", "Waiting"),
                    ("reading", "Reading"),
                    ("merging", "Merging"),
                    ("completed", "Completed"),
                    ("completed_with_errors", "Completed with errors"),
                    ("failed", "Failed"),
                    ("cancelled", "Cancelled"),
                    ("refused", "Refused: not a report for the catalogue"),
                    ("duplicate", "Duplicate: imported before"),
                    ("needs_answer", "Needs an answer"),
                    ("checked", "Checked: nothing was written"),
                ],
                default="available",
                max_length=24,
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "available",
                            "waiting",
                            "reading",
                            "merging",
                            "completed",
                            "completed_with_errors",
                            "failed",
                            "cancelled",
                            "refused",
                            "duplicate",
                            "needs_answer",
                            "checked",
                        ],
                    )
                ),
                name="reports_report_state_valid",
            ),
        ),
    ]
