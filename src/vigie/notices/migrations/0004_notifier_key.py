from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("notices", "0003_records_of_misuse")]

    operations = [
        migrations.RemoveField(model_name="notifier", name=name)
        for name in ("decided", "unfounded", "since_warning", "warned_at", "suspended_until")
    ]
