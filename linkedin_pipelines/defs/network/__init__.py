"""When campaigns beside birthdays begin by themselves: never, unless the operator switches that on."""
