"""The archive also loses what is in a damaged part, and a person can cancel a lookback."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One kind of loss and one state more."""

    dependencies = [("matching", "0002_first_row")]
    operations = [
        migrations.AlterField(
            "archiveloss",
            "kind",
            models.CharField(
                choices=[("uploads", "Uploads"), ("torn", "Torn"), ("damaged", "Damaged")], max_length=10
            ),
        ),
        migrations.AlterField(
            "lookback",
            "state",
            models.CharField(
                choices=[
                    ("running", "Running"),
                    ("stopped", "Stopped"),
                    ("done", "Done"),
                    ("cancelled", "Cancelled"),
                ],
                default="running",
                max_length=10,
            ),
        ),
    ]
