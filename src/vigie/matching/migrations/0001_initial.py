"""The tables of lookbacks, erasures and what the archive lost."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ArchiveLoss",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("journal", models.CharField(max_length=100)),
                ("kind", models.CharField(choices=[("uploads", "Uploads"), ("torn", "Torn")], max_length=10)),
                ("count", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("seen_by", models.CharField(blank=True, default="", max_length=200)),
            ],
            options={
                "db_table": "archive_loss",
                "indexes": [
                    models.Index(
                        condition=models.Q(("seen_by", "")), fields=["-at"], name="archive_loss_open"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("journal", "kind"), name="archive_loss_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="ArchiveState",
            fields=[
                ("id", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("last_part", models.BigIntegerField(default=0)),
                ("told_part", models.BigIntegerField(default=0)),
                ("followed_seq", models.BigIntegerField(default=0)),
            ],
            options={
                "db_table": "archive_state",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="archive_state_one_row")
                ],
            },
        ),
        migrations.CreateModel(
            name="ContentErasure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("platform", models.CharField(max_length=60)),
                ("content_key", models.BinaryField(max_length=32, null=True)),
                ("asked_by", models.CharField(max_length=200)),
                ("asked_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                ("uploads", models.IntegerField(default=0)),
            ],
            options={
                "db_table": "archive_erasure",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("done_at__isnull", True)),
                        fields=("content_key",),
                        name="archive_erasure_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Lookback",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("spans", models.JSONField()),
                ("entry_count", models.BigIntegerField()),
                ("bank", models.CharField(blank=True, default="", max_length=60)),
                ("seq", models.BigIntegerField()),
                ("looks_at_all", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[("running", "Running"), ("stopped", "Stopped"), ("done", "Done")],
                        default="running",
                        max_length=10,
                    ),
                ),
                ("asked_by", models.CharField(max_length=200)),
                ("asked_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("looked_through", models.BigIntegerField(default=0)),
                ("signals_looked_at", models.BigIntegerField(default=0)),
                ("signals_left", models.BigIntegerField(default=0)),
                ("cases_max", models.IntegerField()),
                ("cases_opened", models.IntegerField(default=0)),
                ("cases_joined", models.IntegerField(default=0)),
                ("cases_decided", models.IntegerField(default=0)),
            ],
            options={
                "db_table": "lookback",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "running")), fields=["id"], name="lookback_running"
                    ),
                    models.Index(fields=["seq"], name="lookback_seq"),
                    models.Index(fields=["bank", "-id"], name="lookback_of_bank"),
                ],
            },
        ),
        migrations.CreateModel(
            name="LookbackFind",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("entry", models.BigIntegerField(db_index=True)),
                ("case", models.BigIntegerField()),
                ("nearest", models.SmallIntegerField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[("opened", "Opened"), ("joined", "Joined"), ("decided", "Decided")],
                        max_length=10,
                    ),
                ),
                (
                    "lookback",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="finds",
                        to="matching.lookback",
                    ),
                ),
            ],
            options={
                "db_table": "lookback_find",
                "constraints": [
                    models.UniqueConstraint(fields=("lookback", "entry", "case"), name="lookback_find_once")
                ],
            },
        ),
    ]
