"""A message may be overtaken: what it asks for was done in another way."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One more state; no row changes."""

    dependencies = [("ledger", "0002_head")]
    operations = [
        migrations.AlterField(
            model_name="outboxmessage",
            name="state",
            field=models.CharField(
                choices=[
                    ("pending", "Pending"),
                    ("delivered", "Delivered"),
                    ("dead", "Dead"),
                    ("overtaken", "Overtaken"),
                ],
                default="pending",
                max_length=10,
            ),
        )
    ]
