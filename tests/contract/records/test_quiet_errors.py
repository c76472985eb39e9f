"""An error of the database that reaches a log quotes nothing of what people typed."""

import pytest
import sqlalchemy.exc

from sixfaces.adapters.records.engine import engine_of
from sixfaces.adapters.records.tables import stations


def test_an_error_names_no_values(url: str) -> None:
    row = {"id": "S-1", "tenant": "main", "name": "PHONE-13800138000", "created_at": None}
    engine = engine_of(url)
    with pytest.raises(sqlalchemy.exc.StatementError) as refused, engine.begin() as connection:
        connection.execute(stations.insert().values(row))
    engine.dispose()
    assert "PHONE-13800138000" not in str(refused.value)
