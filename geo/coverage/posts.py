"""Which places have a post of their own, by where the posts stand."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from geo.coordinates import to_sphere


def has_post(places: ArrayLike, posts: ArrayLike) -> NDArray[np.bool_]:
    """
    Say which places have a post: a post belongs to the place that is nearest to it.

    Parameters
    ----------
    places
        Shape (n, 2), degrees (lon, lat), n >= 1: the middles of communes, villages ...
    posts
        Shape (k, 2), degrees: points that serve the public.

    Returns
    -------
    has_post
        Shape (n,). Where two places share a point, the first one gets the post.
    """
    middles, points = (np.asarray(x, dtype=np.float64).reshape(-1, 2) for x in (places, posts))
    found = np.zeros(len(middles), dtype=np.bool_)
    if len(points):
        _, nearest = cKDTree(to_sphere(middles[:, 0], middles[:, 1])).query(to_sphere(points[:, 0], points[:, 1]))
        found[nearest] = True
    return found
