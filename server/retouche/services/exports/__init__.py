"""What rows are handed out as, one module for each family of formats."""

from retouche.services.exports.formats import formats_of
from retouche.services.exports.mapped import to_mapped_csv, to_mapped_json
from retouche.services.exports.parquet import to_parquet
from retouche.services.exports.rows import Stored, to_csv, to_geojson, to_json
from retouche.services.exports.workbook import to_xlsx

__all__ = [
    "Stored",
    "formats_of",
    "to_csv",
    "to_geojson",
    "to_json",
    "to_mapped_csv",
    "to_mapped_json",
    "to_parquet",
    "to_xlsx",
]
