"""What the ledger comes to in figures: money taken, and how far each shipment got. Made from events, never edited."""
