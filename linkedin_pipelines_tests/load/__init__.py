"""The product under load, and at rest: what its processes take over time, with accounts by the hundred.

`make load` plays the campaigns of many accounts on one machine and compares the ledger with the site's own record;
`make rest` leaves `up` alone for a while. Both print what was measured, with the machine's own speed beside it.
"""
