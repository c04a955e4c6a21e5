"""The records of an organisation, in one database: what was told, under which permission, and what was taken back."""

from pipeline.records.store.keeping import Imported
from pipeline.records.store.requests import access_requests_of, access_sent, request_access
from pipeline.records.store.store import Store

__all__ = ["Imported", "Store", "access_requests_of", "access_sent", "request_access"]
