import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("misuse", "0001_initial"),
        ("notices", "0005_referrals"),
    ]

    operations = [
        migrations.AlterField(
            model_name="notice",
            name="set_aside_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="notices",
                to="misuse.misusestep",
            ),
        ),
    ]
