import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hutong.config.settings")
application = get_wsgi_application()

# What was loaded stays: the collector need not walk it again and again, nor look after every page.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 50)
