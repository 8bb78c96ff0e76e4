from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "hutong.domains.library"
    label = "library"
    verbose_name = "政策库"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from hutong.domains.library import permissions
        from hutong.domains.library.machines import document
        from hutong.domains.library.models import Document
        from hutong.domains.library.services import asking
        from hutong.foundation.access import shell
        from hutong.foundation.workflow import kinds, machines

        assert permissions
        for kind, label in asking.KINDS.items():
            kinds.register(kind, label, stays=True)
        machines.register(Document, document.MACHINE)
        shell.register(shell.Entry("政策解答", "library:ask", "search", "library.view", 78))
        shell.register(shell.Entry("政策库", "library:index", "file", "library.view", 79))
