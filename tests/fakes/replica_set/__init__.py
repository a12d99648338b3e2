"""A replica set that elects, lags, refuses and loses replies as it is told, for drivers that know no other."""

from tests.fakes.replica_set.faults import Command, Fault, Strike
from tests.fakes.replica_set.replica_set import ReplicaSet, running_replica_set

__all__ = ["Command", "Fault", "ReplicaSet", "Strike", "running_replica_set"]
