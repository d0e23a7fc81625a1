"""A build's tasks on other machines: handed to the workers of a Dask scheduler."""

from reviewpress.cluster.scheduler import on_cluster

__all__ = ["on_cluster"]
