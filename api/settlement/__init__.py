"""Settlement: what couriers and desks took in a day, what they handed in, and who signed for it."""
