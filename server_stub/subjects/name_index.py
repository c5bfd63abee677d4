"""The index of unit names: one table of character pairs. Everything that knows the table is in this class."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import Count

from app.field.names import bigrams
from server_stub.subjects.models import NameToken


class NameIndex:
    """Finds subjects whose present or former names hold every token of a query.

    A hit is a claim to be verified: the tokens may stand apart or come from two names.
    """

    def add(self, names: Mapping[str, Iterable[str]]) -> None:
        """Index all names of each subject key; tokens already there are left alone."""
        rows = [
            NameToken(token=token, subject_id=key)
            for key, given in names.items()
            for token in dict.fromkeys(token for name in given for token in bigrams(name))
        ]
        NameToken.objects.bulk_create(rows, batch_size=2000, ignore_conflicts=True)

    def remove(self, subject_key: str) -> None:
        """Forget a subject's names."""
        NameToken.objects.filter(subject_id=subject_key).delete()

    def find(self, text: str, cap: int) -> list[str]:
        """Keys of subjects that hold every pair of `text`, at most `cap`, in a stable order."""
        pairs = [token for token in bigrams(text) if len(token) == 2]
        if not pairs:
            return []
        return list(
            NameToken.objects.filter(token__in=pairs)
            .values("subject_id")
            .annotate(held=Count("token"))
            .filter(held=len(pairs))
            .order_by("subject_id")
            .values_list("subject_id", flat=True)[:cap]
        )
