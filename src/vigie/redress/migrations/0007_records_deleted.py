import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("misuse", "0001_initial"),
        ("redress", "0006_referrals"),
    ]

    operations = [
        migrations.AlterField(
            model_name="complaint",
            name="set_aside_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="complaints",
                to="misuse.misusestep",
            ),
        ),
        migrations.AlterField(
            model_name="statement",
            name="suspension",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="statement",
                to="misuse.misusestep",
            ),
        ),
    ]
