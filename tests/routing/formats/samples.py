"""Small hand-made files, one of each format, that a reader can compute by hand."""

from __future__ import annotations

import copy
from typing import Any

SOLOMON = """\
SQUARE

VEHICLE
NUMBER     CAPACITY
   2          20

CUSTOMER
CUST NO.  XCOORD.  YCOORD.  DEMAND  READY TIME  DUE DATE  SERVICE TIME

    0      0   0    0     0    100    0
    1      3   4   10     0     50    1
    2      3   0   10    10     20    1
    3      1   1    5     0    100    1
"""

WANG_CHEN = """\
Both ways

CUSTOMER  VEHICLE
NUMBER    NUMBER     CAPACITY
   2          1          20

CUSTOMER
CUST NO.  XCOORD.  YCOORD.  DDEMAND  PDEMAND  READY TIME  DUE DATE  SERVICE TIME

    0      0   0    0     0     0    100    0
    1      3   4   10     4     0     50    1
    2      3   0   10     0    10     20    1
"""

LI_LIM = """\
2\t20\t1
0\t0\t0\t0\t0\t100\t0\t0\t0
1\t3\t4\t10\t0\t50\t1\t0\t3
2\t3\t0\t-5\t0\t90\t1\t4\t0
3\t0\t4\t-10\t0\t90\t1\t1\t0
4\t6\t8\t5\t0\t50\t1\t0\t2
"""

SARTORI = """\
NAME: town-n2-1
LOCATION: Town
TYPE: PDPTW
SIZE: 3
CAPACITY: 10
NODES
0 10.5 106.1 0 0 60 0 0 0
1 10.6 106.2 7 5 20 2 0 2
2 10.7 106.3 -7 0 40 3 1 0
EDGES
0 4 9
5 0 6
8 7 0
EOF
"""

JD = """\
NAME : tiny
TYPE : VRPSDPTW
DIMENSION : 3
VEHICLES : 4
DISPATCHINGCOST : 300
UNITCOST : 0.014
CAPACITY : 2.5
EDGE_WEIGHT_TYPE : EXPLICIT
NODE_SECTION
0,0,0,0,960,0
1,0.023300,1.039600,210,240,30
2,1.5,0.209655,60,180,30
DISTANCETIME_SECTION
0,1,1000,10
0,2,2000,20
1,0,1100,11
1,2,3000,30
2,0,2100,21
2,1,3100,31
DEPOT_SECTION
0
"""

_VROOM: dict[str, Any] = {
    "vehicles": [
        {
            "id": 7,
            "description": "Lan",
            "start_index": 0,
            "end_index": 0,
            "capacity": [10],
            "skills": [1],
            "time_window": [0, 1000],
            "breaks": [{"id": 70, "service": 50, "time_windows": [[100, 200]]}],
        },
        {"id": 8, "start_index": 0, "end_index": 0, "capacity": [10], "speed_factor": 0.5, "costs": {"fixed": 30}},
    ],
    "jobs": [
        {
            "id": 1,
            "location_index": 1,
            "delivery": [4],
            "pickup": [2],
            "setup": 5,
            "service": 20,
            "time_windows": [[0, 60], [300, 400]],
            "skills": [1],
            "priority": 3,
        },
        {"id": 2, "location_index": 2, "pickup": [3], "service": 10, "description": "shop"},
    ],
    "shipments": [
        {
            "amount": [2],
            "pickup": {"id": 1, "location_index": 2, "service": 5},
            "delivery": {"id": 1, "location_index": 1, "service": 6},
        }
    ],
    "matrices": {
        "car": {
            "durations": [[0, 40, 30], [40, 0, 20], [30, 20, 0]],
            "distances": [[0, 400, 300], [400, 0, 200], [300, 200, 0]],
        }
    },
}


def vroom() -> dict[str, Any]:
    """Return a fresh VROOM problem: two vehicles, two jobs, one shipment, three places."""
    return copy.deepcopy(_VROOM)
