"""What data subjects may ask for (LGPD art. 18): access and erasure, with proof; and the inventory of all that is held of a person."""
