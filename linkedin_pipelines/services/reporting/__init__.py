"""How things stand: reports, status, audits. Reads everything, changes nothing."""
