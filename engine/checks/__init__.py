"""Rules that span the fields of a record, or several records.

The types of the fields (``engine.domain.fields``) judge values one by one; what is
judged here is judged on whole records. Everything is found in one pass.
"""

from engine.checks.dataset import check_dataset
from engine.checks.npi import npi_check_digit_holds

__all__ = ["check_dataset", "npi_check_digit_holds"]
